// From nothing to policies that decide, in both languages, with nothing but the
// binary and the compilers.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder, removeFolders, run, startServer, tree } from "./harness.mjs";
import { freePort } from "./support/ports.mjs";
import { send } from "./support/send.mjs";
import { eventually } from "./support/wait.mjs";

const dir = await folder("hapta-scaffold");
const policies = join(dir, "policies");
let server;

before(async () => {
  server = await startServer(dir, await freePort(), { args: ["--demo"], env: { HAPTA_UPSTREAM_DASHBOARD: "" } });
});
after(async () => {
  await server?.stop();
  await removeFolders();
});

async function policy(args, code, ...want) {
  const ended = await run(dir, ["policy", ...args, "--demo"]);
  const said = ended.stdout + ended.stderr;
  assert.equal(ended.code, code, said);
  for (const one of want) assert.match(said, one);
}

describe("policy new, build and test", () => {
  it("begin policies with the fields that the collections have", async () => {
    await policy(["new", "posts"], 0, /policies\/posts\.ts/, /policies\/\.hapta\/sdk-ts/);
    await policy(["new", "comments", "--lang", "rust"], 0, /policies\/comments\.rs/, /policies\/\.hapta\/sdk-rust/);
    assert.match(await readFile(join(policies, "posts.ts"), "utf8"), /fields\(\["title", "body", "tags", "image", "published"\]\)/);
    assert.match(await readFile(join(policies, "comments.rs"), "utf8"), /writes: \[author\]/);
  });

  it("overwrite nothing, and begin none for what is no collection", async () => {
    await policy(["new", "posts", "--lang", "rust"], 2, /policies\/posts\.ts is there already/);
    await policy(["new", "post"], 2, /there is no collection "post": did you mean posts\?/);
    await policy(["new", "_superusers"], 2, /system collection/);
  });

  it("compile what was begun, which passes its cases", async () => {
    // What npm has put there already; without it, the build fetches it.
    await symlink(join(tree, "sdk-ts/node_modules"), join(policies, ".hapta/sdk-ts/node_modules"));
    await policy(["build", "posts"], 0, /policies\/posts\.ts → policies\/posts\.wasm/);
    await policy(["build", "policies/comments.rs"], 0, /policies\/comments\.rs → policies\/comments\.wasm/);
    await policy(["test"], 0, /\d\d passed, 0 failed/);
  });

  it("are taken up by a server that runs", async () => {
    const refusal = async () => (await send(server.url, "GET", "/api/collections/posts/records")).json.data?.hapta?.code;
    await eventually(async () => (await refusal()) === "sign_in_required", "the new policy of posts never came into force");
  });

  it("tell a misspelt field, and leave the module as it was", async () => {
    const [source, module] = [join(policies, "posts.ts"), join(policies, "posts.wasm")];
    const wasm = await readFile(module);
    await writeFile(source, (await readFile(source, "utf8")).replace('where("author")', 'where("auther")'));
    await policy(["build", "posts"], 2, /^policies\/posts\.ts:\d+:\d+: posts has no field "auther".*did you mean "author"\?/m, /policies\/posts\.ts does not compile/);
    assert.deepEqual(await readFile(module), wasm);
  });
});
