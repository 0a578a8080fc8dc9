// One-time passwords by mail, and two factors.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { lacks, refusedByPocketBase } from "./support/expect.mjs";
import { catchMails } from "./support/mail.mjs";
import { startEmbedded, startRemote } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { password } from "./support/world.mjs";

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, one-time passwords`, () => {
    let world, mails;
    before(async () => {
      world = await start();
      mails = await catchMails(world.root, world.url);
      await world.root.collections.update("users", { otp: { enabled: true }, mfa: { enabled: true, rule: `name = "Careful"` } });
    });
    after(async () => {
      await world.stop();
      await mails.close();
    });

    async function otpOf(user, users) {
      const { otpId } = await users.requestOTP(user.email);
      return [otpId, /<strong>(\d{8})</.exec(await mails.to(user.email))[1]];
    }

    it("sign in with a session of Hapta's", async () => {
      const user = await world.user({ private: true, bio: "Mine" });
      const client = world.guest(),
        users = client.collection("users");
      const [id, code] = await otpOf(user, users);
      await refusedByPocketBase(users.authWithOTP(id, "00000000"), 400);
      const { token, record } = await users.authWithOTP(id, code);
      assert.equal(typeof claims(token).sid, "string");
      assert.equal(record.bio, "Mine");
      lacks(record, "moderation_note");
      assert.equal((await users.authRefresh()).record.id, user.id);
      assert.equal((await world.stored("users", user.id)).verified, true);
      await refusedByPocketBase(users.authWithOTP(id, code), 400);
    });

    it("are a second factor", async () => {
      const user = await world.user();
      await world.root.collection("users").update(user.id, { name: "Careful" });
      const client = world.guest(),
        users = client.collection("users");
      const first = await users.authWithPassword(user.email, password).catch((error) => error);
      assert.equal(first.status, 401);
      const { mfaId, token } = first.response;
      assert.deepEqual([typeof mfaId, token], ["string", undefined]);
      assert.equal(client.authStore.isValid, false);
      const [id, code] = await otpOf(user, users);
      await users.authWithOTP(id, code, { mfaId });
      assert.equal(typeof claims(client.authStore.token).sid, "string");
      assert.equal((await users.authRefresh()).record.id, user.id);
    });

    it("come to nobody who is not there", async () => {
      assert.equal(typeof (await world.guest().collection("users").requestOTP("nobody@example.com")).otpId, "string");
    });

    it("are listed among the ways to sign in", async () => {
      const methods = await world.guest().collection("users").listAuthMethods();
      assert.deepEqual([methods.otp.enabled, methods.mfa.enabled], [true, true]);
    });
  });
}

after(removeFolders);
