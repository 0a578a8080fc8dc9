import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { lacks, notFound, refused, refusedByPocketBase } from "../support/expect.mjs";
import { png } from "../support/png.mjs";
import { send } from "../support/send.mjs";

// policies/users.ts, under PocketBase's rules.
const forbidden = { validVerified: true, postr_plus: true, followers: [], postr_subscriber_since: "2024-01-01 00:00:00.000Z" };

export default (world) =>
  describe("users: who may change them", () => {
    let ann, bob;
    before(async () => {
      [ann, bob] = [await world.user({ name: "Ann" }), await world.user({ name: "Bob" })];
    });
    const users = (who) => who.client.collection("users");

    it("lets users update themselves", async () => {
      const record = await users(ann).update(ann.id, { name: "Anna", bio: "Hi", private: false });
      assert.equal(record.name, "Anna");
      assert.equal((await world.stored("users", ann.id)).bio, "Hi");
      lacks(record, "moderation_note", "tokenKey");
    });

    it("lets users follow others", async () => {
      assert.deepEqual((await users(ann).update(ann.id, { "following+": bob.id })).following, [bob.id]);
      assert.deepEqual((await users(ann).update(ann.id, { "following-": bob.id })).following, []);
    });

    it("takes writes to one record one after another, so that none is lost", async () => {
      const others = (await world.root.collection("users").getList(1, 12)).items.map((record) => record.id).filter((id) => id !== ann.id);
      await Promise.all(others.map((id) => users(ann).update(ann.id, { "following+": id })));
      assert.deepEqual((await world.stored("users", ann.id)).following.sort(), others.sort());
      await users(ann).update(ann.id, { following: [] });
    });

    it("lets users upload their picture", async () => {
      const record = await users(ann).update(ann.id, { name: "Ann", avatar: new File([png], "portrait.png", { type: "image/png" }) });
      assert.match(record.avatar, /^portrait_\w+\.png$/);
      assert.equal(record.name, "Ann");
    });

    it("lets nobody update another", async () => {
      await refused(users(bob).update(ann.id, { name: "Bob was here" }), 403, "ownership_required");
      await refused(world.guest().collection("users").update(ann.id, { name: "Guest was here" }), 403, "ownership_required");
      await refused(users(bob).update(ann.id, {}), 403, "ownership_required");
      assert.equal((await world.stored("users", ann.id)).name, "Ann");
    });

    it("lets nobody delete another", async () => {
      await refused(users(bob).delete(ann.id), 403, "ownership_required");
      await refused(world.guest().collection("users").delete(ann.id), 403, "ownership_required");
      assert.equal((await world.stored("users", ann.id)).id, ann.id);
    });

    it("answers 404 for users who are not there", async () => {
      await notFound(users(bob).update("nobody000000000", { name: "x" }));
      await notFound(users(bob).delete("nobody000000000"));
      await notFound(users(bob).getOne("nobody000000000"));
    });

    for (const [field, value] of Object.entries(forbidden)) {
      it(`never lets ${field} be updated`, async () => {
        assert.match(await refused(users(ann).update(ann.id, { [field]: value }), 403, "field_forbidden"), new RegExp(`\\b${field}\\b`));
        assert.match(
          await refused(users(ann).update(ann.id, { name: "Changed", [field]: value }), 403, "field_forbidden"),
          new RegExp(`\\b${field}\\b`),
        );
        const stored = await world.stored("users", ann.id);
        assert.equal(stored.name, "Ann", "half of the update was stored");
        assert.ok(!stored[field] || stored[field].length === 0, `stored ${stored[field]}`);
      });
    }

    for (const key of ["followers+", "+followers", "followers-"]) {
      it(`never lets ${key} be updated`, async () => {
        const f = async (call) => assert.match(await refused(call, 403, "field_forbidden"), /\bfollowers\b/);
        await f(users(ann).update(ann.id, { [key]: bob.id }));
        await f(users(ann).update(ann.id, { [key]: [bob.id] }));
        const form = new FormData();
        form.set("name", "Form");
        form.set(key, bob.id);
        await f(users(ann).update(ann.id, form));
        assert.deepEqual((await world.stored("users", ann.id)).followers, []);
      });
    }

    it("names the forbidden field of a form, of an SDK upload and of @jsonPayload", async () => {
      const f = async (call) => assert.match(await refused(call, 403, "field_forbidden"), /\bvalidVerified\b/);
      const form = new FormData();
      form.set("validVerified", "true");
      await f(users(ann).update(ann.id, form));
      await f(users(ann).update(ann.id, { validVerified: true, avatar: new File([png], "me.png", { type: "image/png" }) }));
      const payload = new FormData();
      payload.set("@jsonPayload", JSON.stringify({ validVerified: true }));
      await f(users(ann).update(ann.id, payload));
      const urlencoded = await send(world.url, "PATCH", `/api/collections/users/records/${ann.id}`, {
        token: ann.token,
        type: "application/x-www-form-urlencoded",
        body: "validVerified=true",
      });
      assert.equal(urlencoded.json.data.hapta.code, "field_forbidden");
      assert.equal((await world.stored("users", ann.id)).validVerified, false);
    });

    it("takes no field under another case for a forbidden one's name, nor stores it", async () => {
      await users(ann).update(ann.id, { VALIDVERIFIED: true, Followers: [bob.id] });
      const stored = await world.stored("users", ann.id);
      assert.equal(stored.validVerified, false);
      assert.deepEqual(stored.followers, []);
    });

    it("lets users change their password, which PocketBase asks the old one for", async () => {
      const eve = await world.user();
      const change = { password: "another-password", passwordConfirm: "another-password" };
      await refusedByPocketBase(users(eve).update(eve.id, change), 400);
      await refusedByPocketBase(users(eve).update(eve.id, { ...change, oldPassword: "wrong-password" }), 400);
      await users(eve).update(eve.id, { ...change, oldPassword: eve.password });
      await world.guest().collection("users").authWithPassword(eve.email, "another-password");
    });

    it("lets users delete themselves", async () => {
      const eve = await world.user();
      assert.equal(await users(eve).delete(eve.id), true);
      await world.isGone("users", eve.id);
      await refusedByPocketBase(users(eve).authRefresh(), 401);
    });
  });
