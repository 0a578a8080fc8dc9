import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holds, lacks, refusedByPocketBase } from "../support/expect.mjs";
import { password, unique } from "../support/world.mjs";

const account = (fields = {}) => ({
  email: `${unique("new")}@example.com`,
  password,
  passwordConfirm: password,
  username: unique("n").replace("-", ""),
  ...fields,
});

export default (world) =>
  describe("signing up", () => {
    it("makes an account that can sign in", async () => {
      const guest = world.guest(),
        made = account({ name: "Ann", bio: "Hello" });
      const record = await guest.collection("users").create(made);
      assert.equal(record.name, "Ann");
      assert.equal(record.bio, "Hello");
      const { record: own } = await guest.collection("users").authWithPassword(made.email, password);
      assert.equal(own.id, record.id);
      assert.equal(own.email, made.email);
    });

    it("answers with no more than a guest may see", async () => {
      const guest = world.guest();
      lacks(await guest.collection("users").create(account({ bio: "Mine" })), "email", "password", "tokenKey", "moderation_note");
      lacks(await guest.collection("users").create(account({ bio: "Mine", private: true })), "bio", "followers");
      holds(await guest.collection("users").create(account({ emailVisibility: true })), "email");
    });

    it("drops hidden fields from what is sent", async () => {
      const { id } = await world
        .guest()
        .collection("users")
        .create(account({ moderation_note: "trusted", tokenKey: "x".repeat(50) }));
      assert.equal((await world.stored("users", id)).moderation_note, "");
    });

    it("verifies nobody", async () => {
      const made = account({ verified: true });
      await refusedByPocketBase(world.guest().collection("users").create(made), 400);
      assert.equal((await world.root.collection("users").getList(1, 1, { filter: `email="${made.email}"` })).totalItems, 0);
    });

    it("passes on what PocketBase finds wrong", async () => {
      await refusedByPocketBase(
        world
          .guest()
          .collection("users")
          .create(account({ passwordConfirm: "another" })),
        400,
      );
      await refusedByPocketBase(
        world
          .guest()
          .collection("users")
          .create(account({ email: "no address" })),
        400,
      );
    });
  });
