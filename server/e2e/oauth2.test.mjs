// Signing in and up with a provider's code, and who decides about the record that
// a sign-up makes.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders } from "./harness.mjs";
import { refused } from "./support/expect.mjs";
import { compiled } from "./support/modules.mjs";
import { codeFor, configured, redirect, startProvider } from "./support/provider.mjs";
import { startIn } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { client, unique } from "./support/world.mjs";

const policy = {};
const written = { rules: "", policy: 'c.set("level", 7);' }; // a hidden field is the policy's where it decides alone
for (const authority of Object.keys(written))
  policy[authority] = await compiled(
    `
  import { Create, Reason, Verdict, View, allow, refuse } from "hapta";
  export const manifest = { codes: ["not_invited", "not_here"], writes: ["nick", "role", "level"], masks: ["nick"] };
  export function create(c: Create): Verdict {
    const email = c.incoming.get("email");
    if (c.reason == Reason.SignedIn && email.matches("stranger*")) return refuse("not_invited", \`\${email.text} is not invited\`);
    if (c.incoming.get("role").exists) return refuse("not_invited", "a role is given, not taken");
    ${written[authority]}
    c.set("nick", \`\${c.incoming.get("name").text}, \${c.incoming.size} fields\`);
    return allow();
  }
  export function view(c: View): Verdict {
    return c.stored.get("nick").equals("gone") ? refuse("not_here", "you left") : allow();
  }`,
    "people",
  );
const provider = await startProvider();
after(async () => {
  await provider.stop();
  await removeFolders();
});

async function collections(root) {
  for (const name of ["people", "plainpeople"])
    await root.collections.create({
      name,
      type: "auth",
      listRule: "",
      viewRule: "",
      createRule: "",
      oauth2: configured(provider),
      fields: [
        { name: "name", type: "text" },
        { name: "nick", type: "text" },
        { name: "role", type: "text" },
        { name: "level", type: "number", hidden: true },
      ],
    });
}

async function start(what, authority) {
  const dir = await folderWithPolicies(`hapta-oauth2-${what}`);
  await writeFile(join(dir, "policies/people.wasm"), policy[authority]);
  await writeFile(join(dir, "hapta.toml"), authority === "policy" ? '[collections.people]\nauthority = "policy"\n' : "");
  return startIn(dir, what, collections);
}

for (const what of ["embedded", "remote"])
  for (const authority of ["rules", "policy"])
    describe(`signing in with a provider, ${what}, by ${authority}`, async () => {
      const { hapta, root, stop } = await start(what, authority);
      after(stop);

      /** As the SDK's authWithOAuth2Code, at the end of a visit to the provider. */
      const signIn = async (user, createData = {}, collection = "people", options = {}) => {
        const guest = client(hapta.url);
        const method = (await guest.collection(collection).listAuthMethods()).oauth2.providers[0];
        const code = await codeFor(user, method.authURL);
        return guest.collection(collection).authWithOAuth2Code(method.name, code, method.codeVerifier, redirect, createData, options);
      };
      const stored = (user) => root.collection("people").getFullList({ filter: `email = "${user}@example.com"` });

      it("opens a session, and the record is decided as a create", async () => {
        const user = unique("ann");
        const { token, record, meta } = await signIn(user, { nick: "mine" });
        assert.ok(claims(token).sid, "the token is Hapta's");
        assert.deepEqual([meta.isNew, record.email], [true, `${user}@example.com`]);
        assert.equal(record.nick, `${user} of the provider, 3 fields`, "email, name and what was sent");
        assert.equal((await stored(user))[0].level, authority === "policy" ? 7 : 0);
        const again = await signIn(user);
        assert.deepEqual([again.meta.isNew, again.record.id], [false, record.id]);
      });

      it("leaves nothing of one that the policy refuses", async () => {
        const user = unique("stranger");
        const sentence = await refused(signIn(user), 403, "not_invited");
        assert.match(sentence, new RegExp(`^${user}@example.com is`));
        assert.deepEqual(await stored(user), []);
        const eve = unique("eve");
        await refused(signIn(eve, { role: "admin" }), 403, "not_invited");
        assert.deepEqual(await stored(eve), []);
      });

      it("judges the record as a view before a session opens", async () => {
        const user = unique("gone");
        const { record } = await signIn(user);
        await root.collection("people").update(record.id, { nick: "gone" });
        await refused(signIn(user), 403, "not_here");
      });

      it("takes fields, and lets no other collection be meant", async () => {
        const answer = await signIn(unique("bob"), {}, "people", { fields: "record.name,token" });
        assert.deepEqual(Object.keys(answer).sort(), ["record", "token"]);
        assert.deepEqual(Object.keys(answer.record), ["name"]);
      });

      it("is PocketBase's alone where no policy speaks", async () => {
        const user = unique("cid");
        const { record, token } = await signIn(user, { nick: "mine", role: "any" }, "plainpeople");
        assert.deepEqual([record.nick, record.role, record.name], ["mine", "any", `${user} of the provider`]);
        assert.ok(claims(token).sid);
      });

      it("answers a code that is none as PocketBase does", async () => {
        await assert.rejects(
          client(hapta.url).collection("people").authWithOAuth2Code("oidc", "nonsense", "verifier", redirect),
          (e) => e.status === 400 && !e.response.data.hapta,
        );
        await assert.rejects(client(hapta.url).collection("people").authWithOAuth2Code("other", "x", "y", redirect), { status: 400 });
      });
    });
