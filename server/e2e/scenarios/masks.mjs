import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { holds, lacks, refused } from "../support/expect.mjs";

// policies/users.ts: what others see of a private user.
export default (world) =>
  describe("users: what is masked", () => {
    let ann, open, bob;
    before(async () => {
      bob = await world.user({ name: "Bob" });
      ann = await world.user({ name: "Ann", private: true, bio: "A private life", followers: [bob.id] });
      open = await world.user({ name: "Open", private: false, bio: "A public life", followers: [bob.id] });
    });
    const viewers = () => [world.guest(), bob.client];
    const lists = (viewer, options) =>
      viewer.collection("users").getList(1, 50, { filter: `id="${ann.id}" || id="${open.id}"`, ...options });

    it("masks a private user's followers and bio in a view", async () => {
      for (const viewer of viewers()) {
        const record = await viewer.collection("users").getOne(ann.id);
        lacks(record, "followers", "bio");
        holds(record, "id", "name", "private", "following");
      }
    });

    it("masks them in a list, record by record", async () => {
      for (const viewer of viewers()) {
        const { items, totalItems } = await lists(viewer);
        assert.equal(totalItems, 2);
        lacks(
          items.find((item) => item.id === ann.id),
          "followers",
          "bio",
        );
        assert.equal(items.find((item) => item.id === open.id).bio, "A public life");
      }
    });

    it("masks nothing for the user themselves, and nothing of others", async () => {
      const own = await ann.client.collection("users").getOne(ann.id);
      assert.equal(own.bio, "A private life");
      assert.deepEqual(own.followers, [bob.id]);
      assert.equal((await lists(ann.client)).items.find((item) => item.id === ann.id).bio, "A private life");
      for (const viewer of viewers()) {
        const record = await viewer.collection("users").getOne(open.id);
        assert.equal(record.bio, "A public life");
        assert.deepEqual(record.followers, [bob.id]);
      }
    });

    it("masks in no demo user's record that is not private", async () => {
      const seen = await world.guest().collection("users").getFullList();
      const stored = new Map((await world.root.collection("users").getFullList()).map((record) => [record.id, record]));
      assert.equal(seen.length, stored.size);
      assert.ok(seen.some((record) => record.private) && seen.some((record) => !record.private), "the demo has users of both kinds");
      for (const record of seen) {
        assert.equal("bio" in record, !stored.get(record.id).private, JSON.stringify(record));
        assert.equal("followers" in record, !stored.get(record.id).private, JSON.stringify(record));
      }
    });

    it("lets no pick of fields past the masks", async () => {
      for (const fields of ["bio", "id,bio,followers", "*", "*,bio:excerpt(5,true)", "bio:excerpt(100)"]) {
        lacks(await bob.client.collection("users").getOne(ann.id, { fields }), "bio", "followers");
        const { items } = await lists(bob.client, { fields: `${fields},id` }); // PocketBase picks from each item
        lacks(
          items.find((item) => item.id === ann.id),
          "bio",
          "followers",
        );
      }
      assert.deepEqual(await bob.client.collection("users").getOne(ann.id, { fields: "id,name" }), { id: ann.id, name: "Ann" });
      assert.equal((await bob.client.collection("users").getOne(open.id, { fields: "bio:excerpt(8)" })).bio, "A public");
    });

    it("lets no filter name what may be masked", async () => {
      const f = async (filter) => {
        for (const viewer of [...viewers(), ann.client]) {
          assert.match(await refused(viewer.collection("users").getList(1, 1, { filter }), 400, "field_masked"), /bio|followers/);
        }
      };
      await f('bio ~ "private"');
      await f('name = "Ann" && (private = true || bio != "")');
      await f('"private" ~ bio');
      await f('bio:lower ~ "private"');
      await f(`followers ?= "${bob.id}"`);
      await f("followers:length > 0");
      await f('followers:each ~ "a"');
      await f('followers.name = "Bob"');
      await f("geoDistance(bio, 1, 2, 3) < 5");
      await f('strftime("%Y", bio) = "2024"');
    });

    it("lets no sort name what may be masked", async () => {
      for (const sort of ["bio", "-bio", "name,+bio", "followers", "followers.name", "bio:lower"]) {
        await refused(bob.client.collection("users").getList(1, 1, { sort }), 400, "field_masked");
      }
    });

    it("takes filters and sorts of other fields", async () => {
      const { items } = await bob.client
        .collection("users")
        .getList(1, 5, { filter: `id = "${ann.id}" && private = true`, sort: "-name,created" });
      assert.deepEqual(
        items.map((item) => item.id),
        [ann.id],
      );
    });
  });
