import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { send } from "../support/send.mjs";
import { signIn, superuser } from "../support/world.mjs";

// What PocketBase has for superusers is not there for clients of Hapta, not
// even for one who holds a superuser's token.
const routes = [
  "GET /api/collections",
  "POST /api/collections",
  "GET /api/collections/posts",
  "PATCH /api/collections/posts",
  "DELETE /api/collections/notes",
  "GET /api/collections/users",
  "GET /api/collections/PoStS",
  "PUT /api/collections/import",
  "DELETE /api/collections/notes/truncate",
  "GET /api/collections/meta/scaffolds",
  "GET /api/collections/meta/oauth2-providers",
  "POST /api/collections/meta/dry-run-view",
  "GET /api/settings",
  "PATCH /api/settings",
  "POST /api/settings/test/s3",
  "POST /api/settings/test/email",
  "POST /api/settings/apple/generate-client-secret",
  "GET /api/logs",
  "GET /api/logs/stats",
  "GET /api/logs/someid000000000",
  "DELETE /api/logs",
  "GET /api/backups",
  "POST /api/backups",
  "POST /api/backups/upload",
  "GET /api/backups/some.zip",
  "DELETE /api/backups/some.zip",
  "POST /api/backups/some.zip/restore",
  "GET /api/crons",
  "POST /api/crons/__pbLogsCleanup__",
  "POST /api/sql",
  "GET /api/sql",
  "GET /_",
  "GET /_/images/logo.svg",
  "GET /_/index.html",
  "GET /",
  "GET /index.html",
  "GET /api",
  "GET /api/",
  "GET /robots.txt",
];

export default (world) =>
  describe("what is blocked", () => {
    let root, user, superusers, superuserId, post;
    before(async () => {
      root = world.root.authStore.token;
      user = await world.user();
      superusers = ["_superusers", "_SUPERUSERS", "_SuperUsers", await world.collectionId("_superusers")];
      superuserId = world.root.authStore.record.id;
      post = await world.post(user);
    });

    async function isNotThere(method, path, options = {}) {
      for (const token of [undefined, user.token, root, `Bearer ${root}`]) {
        const answer = await send(world.url, method, path, { token, ...options });
        assert.equal(answer.status, 404, `${method} ${path}: ${answer.status} ${answer.text}`);
        if (method !== "HEAD") assert.equal(answer.json?.status, 404, `${method} ${path}: ${answer.text}`);
      }
    }

    for (const route of routes) {
      it(route, () => isNotThere(...route.split(" "), /^(POST|PUT|PATCH)/.test(route) ? { json: {} } : {}));
    }

    it("backups by a token in the URL", async () => {
      const token = await world.root.files.getToken();
      await isNotThere("GET", `/api/backups/some.zip?token=${token}`);
      await isNotThere("GET", `/api/backups?token=${token}`);
    });

    it("impersonating", async () => {
      for (const name of ["users", "USERS", user.client.authStore.record.collectionId, ...superusers]) {
        await isNotThere("POST", `/api/collections/${name}/impersonate/${user.id}`, { json: {} });
      }
    });

    it("superusers' records", async () => {
      for (const name of superusers) {
        await isNotThere("GET", `/api/collections/${name}/records`);
        await isNotThere("GET", `/api/collections/${name}/records/${superuserId}`);
        await isNotThere("POST", `/api/collections/${name}/records`, {
          json: { email: "evil@example.com", password: "evil-password", passwordConfirm: "evil-password" },
        });
        await isNotThere("PATCH", `/api/collections/${name}/records/${superuserId}`, { json: { email: "evil@example.com" } });
        await isNotThere("DELETE", `/api/collections/${name}/records/${superuserId}`);
      }
      assert.equal((await world.root.collection("_superusers").getOne(superuserId)).email, superuser.email);
    });

    it("superusers signing in", async () => {
      for (const name of superusers) {
        await isNotThere("POST", `/api/collections/${name}/auth-with-password`, {
          json: { identity: superuser.email, password: superuser.password },
        });
        for (const way of [
          "auth-refresh",
          "auth-with-otp",
          "auth-with-oauth2",
          "request-otp",
          "request-password-reset",
          "confirm-password-reset",
          "request-verification",
          "confirm-verification",
          "request-email-change",
          "confirm-email-change",
        ]) {
          await isNotThere("POST", `/api/collections/${name}/${way}`, { json: { email: superuser.email } });
        }
        await isNotThere("GET", `/api/collections/${name}/auth-methods`);
      }
    });

    it("superusers' files", async () => {
      for (const name of superusers) {
        await isNotThere("GET", `/api/files/${name}/${superuserId}/x.png`);
        await isNotThere("HEAD", `/api/files/${name}/${superuserId}/x.png`);
      }
    });

    it("other methods of routes that are there", async () => {
      for (const path of ["/api/collections/posts/records", `/api/collections/posts/records/${post.id}`]) {
        assert.equal((await send(world.url, "PUT", path, { token: root })).status, 404, path);
        assert.equal((await send(world.url, "OPTIONS", path, { token: root })).status, 204, path); // as for any path
      }
    });

    it("a superuser's token makes nobody anything more than a guest", async () => {
      const draft = await world.post(user, { published: false });
      assert.equal((await send(world.url, "GET", `/api/collections/posts/records/${draft.id}`, { token: root })).status, 404);
      assert.equal((await send(world.url, "DELETE", `/api/collections/notes/records/x`, { token: root })).status, 403);
    });

    it("leaves the user's own routes as they are", async () => {
      const again = await signIn(world.url, user);
      assert.ok(again.authStore.isValid);
      const health = await send(world.url, "GET", "/api/health");
      assert.equal(health.status, 200);
      assert.ok(!health.text.includes("canBackup"), health.text);
      assert.equal((await send(world.url, "GET", "/api/health", { token: root })).json.data.canBackup, undefined);
      assert.equal(
        (await send(world.url, "POST", "/api/collections/users/request-password-reset", { json: { email: "nobody@example.com" } })).status,
        204,
      );
    });

    it("keeps system collections to PocketBase's own rules", async () => {
      for (const name of ["_externalAuths", "_mfas", "_otps", "_authOrigins"]) {
        const answer = await send(world.url, "POST", `/api/collections/${name}/records`, {
          token: user.token,
          json: { recordRef: user.id },
        });
        assert.ok([403, 404].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
      }
    });
  });
