import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

// What PocketBase's own hooks see; support/collections.mjs has the hook.
export default (world) =>
  describe("hooks of PocketBase's", () => {
    let ann;
    before(async () => {
      ann = await world.user();
    });
    const told = async (collection, fields) =>
      JSON.parse((await ann.client.collection(collection).create({ title: "who?", ...fields })).body);

    it("see the superuser where a policy alone decides, and the caller in a header", async () => {
      const { caller, auth } = await told("posts", { author: ann.id });
      assert.deepEqual({ caller, auth }, { caller: `users/${ann.id}`, auth: "_superusers" });
    });

    it("see the caller where PocketBase's rules decide", async () => {
      const { caller, auth } = await told("notes", {});
      assert.deepEqual({ caller, auth }, { caller: "", auth: "users" });
    });

    it("see the client's address", { skip: world.what === "remote" && "PocketBase has to be told whom to trust" }, async () => {
      assert.equal((await told("notes", {})).address, "127.0.0.1");
    });

    it(
      "see the client's address once PocketBase is told whom to trust",
      { skip: world.what === "embedded" && "it comes without a proxy" },
      async () => {
        await world.root.settings.update({ trustedProxy: { headers: ["X-Forwarded-For"], useLeftmostIP: false } });
        const answer = await fetch(`${world.url}/api/collections/notes/records`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Forwarded-For": "6.6.6.6" },
          body: JSON.stringify({ title: "who?" }),
        });
        assert.equal(JSON.parse((await answer.json()).body).address, "127.0.0.1");
        await world.root.settings.update({ trustedProxy: { headers: [] } });
      },
    );
  });
