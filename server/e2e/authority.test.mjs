// Who decides where no policy does, and where the default one does.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders, run, startServer } from "./harness.mjs";
import { adminKey, inForce, versionInForce } from "./support/admin.mjs";
import { lacks, refused } from "./support/expect.mjs";
import { compiled, version } from "./support/modules.mjs";
import { startPocketBase } from "./support/start.mjs";
import { freePort } from "./support/ports.mjs";
import { prepareCollections } from "./support/collections.mjs";
import { client, credentials, newUser, password, signIn, superuserOf, unique } from "./support/world.mjs";

const pocketbase = await startPocketBase();
const root = await superuserOf(pocketbase.databaseURL);
await prepareCollections(root);
after(async () => {
  await pocketbase.server.stop();
  await removeFolders();
});

/** A Hapta with this hapta.toml and environment, for the length of a test. */
async function withHapta(toml, env, use) {
  const dir = await folderWithPolicies("hapta-authority");
  await writeFile(join(dir, "hapta.toml"), toml);
  const hapta = await startServer(dir, await freePort(), {
    env: { ...credentials, DB_URL: pocketbase.databaseURL, HAPTA_ADMIN_KEY: adminKey, ...env },
  });
  try {
    await use(hapta, client(hapta.url));
  } finally {
    await hapta.stop();
  }
}
const byPolicy = (...names) => names.map((name) => `[collections.${name}]\nauthority = "policy"\n`).join("");

describe("authority", () => {
  it("leaves posts to PocketBase's rules where no line hands them over", () =>
    withHapta("", {}, async (hapta, guest) => {
      await assert.rejects(guest.collection("posts").getList(1, 1), { status: 403 });
      const ann = await newUser(root);
      const signedIn = await signIn(hapta.url, ann);
      await refused(guest.collection("posts").create({ title: "x" }), 403, "sign_in_required"); // the policy comes first
      await assert.rejects(
        signedIn.collection("posts").create({ title: "x", author: ann.id }),
        (error) => error.status === 403 && !error.response.data.hapta,
      );
    }));

  it("closes what has no policy, with fallback = deny", () =>
    withHapta(`[policies]\nfallback = "deny"\n${byPolicy("posts")}[collections.vault]\nauthority = "rules"\n`, {}, async (hapta, guest) => {
      await refused(guest.collection("notes").getList(1, 1), 403, "no_policy");
      await refused(guest.collection("notes").create({ text: "x" }), 403, "no_policy");
      await refused(guest.collection("members").authWithPassword("x@example.com", password), 403, "no_policy");
      await refused(guest.collection("members").listAuthMethods(), 403, "no_policy");
      await assert.rejects(guest.collection("vault").getOne("nothing00000000"), { status: 404 });
      assert.ok((await guest.collection("posts").getList(1, 1)).totalItems > 0);
    }));

  it("closes what a line hands to a policy that is not there", () =>
    withHapta(byPolicy("posts", "notes"), {}, async (hapta, guest) => {
      await refused(guest.collection("notes").getList(1, 1), 403, "policy_missing");
      assert.match(hapta.log, /notes has authority = \\?"policy\\?" and no policy/);
    }));

  it("says that rules beside a policy that alone decides are a second door", () =>
    withHapta(byPolicy("posts", "comments"), {}, async (hapta) => {
      assert.match(
        hapta.log,
        /comments has authority = \\?"policy\\?", but PocketBase's own rules for create, delete, list, update, view are not null/,
      );
      assert.doesNotMatch(hapta.log, /posts has authority[^\n]*not null/);
    }));

  it("refuses what a policy that alone decides does not handle", () =>
    withHapta(byPolicy("posts", "comments"), {}, async (hapta, guest) => {
      await refused(guest.collection("comments").getList(1, 1), 403, "operation_not_handled");
      await refused(guest.collection("comments").create({ body: "x" }), 403, "sign_in_required");
      const ann = await newUser(root);
      const signedIn = await signIn(hapta.url, ann);
      const post = await root.collection("posts").create({ title: unique("post"), author: ann.id });
      const comment = await signedIn.collection("comments").create({ body: "x", post: post.id });
      assert.deepEqual(comment, { id: comment.id }, "stored, and may not be seen: the id alone");
      assert.equal((await root.collection("comments").getOne(comment.id)).author, ann.id);
    }));
});

describe("acting as superuser for accounts", () => {
  const open = `
    import { Create, Delete, List, Update, Verdict, View, allow } from "hapta";
    export const manifest = {};
    export function list(c: List): Verdict { return allow(); }
    export function view(c: View): Verdict { return allow(); }
    export function create(c: Create): Verdict { return allow(); }
    export function update(c: Update): Verdict { return allow(); }
    export function remove(c: Delete): Verdict { return allow(); }
  `;

  it("shows and allows nothing that PocketBase would have kept back", () =>
    withHapta(byPolicy("posts", "users"), {}, async (hapta, guest) => {
      const wasm = await compiled(open, "users");
      await writeFile(join(hapta.dir, "policies", "users.wasm"), wasm);
      await versionInForce(hapta.url, "users", version(wasm));
      const users = guest.collection("users");
      const [ann, bob] = [
        await newUser(root, { moderation_note: "watch her", emailVisibility: false }),
        await newUser(root, { emailVisibility: true }),
      ];
      const signedIn = await signIn(hapta.url, ann);

      lacks(await users.getOne(ann.id), "email", "moderation_note", "tokenKey", "password");
      assert.equal((await users.getOne(bob.id)).email, bob.email);
      assert.equal((await signedIn.collection("users").getOne(ann.id)).email, ann.email);
      const { items, totalItems } = await users.getList(1, 10, { filter: `email = "${ann.email}" || email = "${bob.email}"` });
      assert.deepEqual([items.map((item) => item.id), totalItems], [[bob.id], 1]);
      for (const sort of ["email", "-email", "tokenKey", "moderation_note"])
        await refused(users.getList(1, 1, { sort }), 400, "field_unknown");
      for (const field of ["tokenKey", "moderation_note", "password"])
        await refused(users.getList(1, 1, { filter: `${field} != ""` }), 400, "field_unknown");

      const made = { email: `${unique("made")}@example.com`, password, passwordConfirm: password };
      await refused(users.create({ ...made, verified: true }), 400, "field_not_writable");
      const record = await users.create({ ...made, tokenKey: "x".repeat(40), moderation_note: "a saint" });
      assert.deepEqual(
        [(await root.collection("users").getOne(record.id)).moderation_note, (await root.collection("users").getOne(record.id)).verified],
        ["", false],
      );
      await users.authWithPassword(made.email, password);

      // What concerns signing in goes upstream as the caller, whom PocketBase asks for the old password.
      const change = { password: "another-password", passwordConfirm: "another-password" };
      await assert.rejects(signedIn.collection("users").update(ann.id, change), { status: 400 });
      for (const evil of [{ verified: true }, { email: "taken@example.com" }]) {
        await assert.rejects(signedIn.collection("users").update(ann.id, evil), { status: 400 });
        await assert.rejects(client(hapta.url).collection("users").update(ann.id, evil));
      }
      const stored = await root.collection("users").getOne(ann.id);
      assert.deepEqual([stored.email, stored.verified, stored.moderation_note], [ann.email, false, "watch her"]);
      await signedIn.collection("users").update(ann.id, { ...change, oldPassword: password });
      await signIn(hapta.url, { ...ann, password: "another-password" });
    }));
});

describe("the default policy", () => {
  const source = `
    import { Create, List, Verdict, View, allow, refuse } from "hapta";
    export const manifest = { codes: ["default_says_no"] };
    export function list(c: List): Verdict { return allow(); }
    export function view(c: View): Verdict { return allow(); }
    export function create(c: Create): Verdict { return refuse("default_says_no", "no"); }
  `;

  it("decides where no other does, and about nothing of PocketBase's own", () =>
    withHapta(byPolicy("posts", "vault"), {}, async (hapta, guest) => {
      const wasm = await compiled(source, "_default");
      await writeFile(join(hapta.dir, "policies", "_default.wasm"), wasm);
      await versionInForce(hapta.url, "notes", version(wasm));
      await refused(guest.collection("notes").create({ text: "x" }), 403, "default_says_no");
      await refused(guest.collection("comments").create({ body: "x" }), 403, "sign_in_required");
      await refused(guest.collection("vault").getOne("nothing00000000"), 403, "policy_missing");
      const now = await inForce(hapta.url);
      for (const name of ["_superusers", "_externalAuths", "_mfas", "_otps", "_authOrigins"])
        assert.equal(now[name].policy, undefined, name);

      // Lost, it leaves what it decided about closed, until it is taken away on purpose.
      await rm(join(hapta.dir, "policies", "_default.wasm"));
      await hapta.logged("collections without a policy of their own are closed, for _default.wasm is gone");
      await refused(guest.collection("notes").create({ text: "x" }), 403, "policy_missing");
      await refused(guest.collection("comments").create({ body: "x" }), 403, "sign_in_required");
      const removed = await run(hapta.dir, ["policy", "remove", "_default"], { ...credentials, DB_URL: pocketbase.databaseURL });
      assert.equal(removed.code, 0, removed.stderr);
      await hapta.logged(/a collection is left to PocketBase's rules now","collection":"notes"/);
      await guest.collection("notes").create({ text: "x" });
    }));
});
