// Everything the README tells people to type is typed here, in a copy of the
// tree. A command that no step runs fails the first test.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { after, describe, it } from "node:test";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { adopt, folder, removeFolders, tree } from "./harness.mjs";
import { freePort } from "./support/ports.mjs";
import { blocks } from "./support/readme.mjs";
import { startPocketBase } from "./support/start.mjs";
import { eventually } from "./support/wait.mjs";
import { client, credentials, newUser, signIn, superuser, superuserOf } from "./support/world.mjs";

const execute = promisify(execFile);
const commands = blocks("sh").flatMap((text) => text.split("\n").filter((line) => line && !line.startsWith("#")));

const copy = await folder("hapta-readme");
const [port, dashboard] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}`;
const mine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HAPTA_|NODE_TEST)/.test(name)));
const env = { ...mine, ...credentials, HAPTA_SERVER_PORT: String(port), HAPTA_UPSTREAM_DASHBOARD: `127.0.0.1:${dashboard}` };
let server, pocketbase;
after(async () => {
  for (const each of [server, pocketbase?.server]) if (each?.isRunning) await each.stop();
  await removeFolders();
});

/** Runs a command as it stands, but for the port. */
const type = (command) => execute("bash", ["-c", command.replaceAll("http://127.0.0.1:3000", url)], { cwd: copy, env, timeout: 120_000 });

/** The same for one that goes on until it is told to stop. */
async function typeAndLeave(command, changed = {}) {
  server = adopt(
    copy,
    url,
    spawn("bash", ["-c", `exec ${command}`], { cwd: copy, env: { ...env, ...changed }, stdio: ["ignore", "pipe", "pipe"] }),
  );
  await server.becomesReady(true, 300_000); // it may have to be built from nothing
}

const steps = {
  "./build.sh run": async (command) => {
    await copyTree();
    await typeAndLeave(command);
    await server.logged("Hapta serves demo records at");
  },
  "./build.sh test": "this very suite runs as its last part",
  "curl -s 'http://127.0.0.1:3000/api/collections/posts/records?perPage=2&fields=id,title,published'": async (command) => {
    const { items } = JSON.parse((await type(command)).stdout);
    assert.equal(items.length, 2);
    for (const item of items) assert.deepEqual([Object.keys(item).sort(), item.published], [["id", "published", "title"], true]);
  },
  [`curl -s http://127.0.0.1:3000/api/collections/posts/records -H 'Content-Type: application/json' -d '{"title":"Hello"}'`]: async (
    command,
  ) => {
    assert.equal((await type(command)).stdout.trim(), blocks("json")[0]);
    await runScript(blocks("js")[0]);
  },
  "./build.sh policies": compileExamples,
  "bin/hapta-server policy test": async (command) => {
    assert.match((await type(command)).stdout, /^\d\d passed, 0 failed\n$/);
  },
  'bin/hapta-server policy eval posts --case "a post keeps its author"': async (command) => {
    const decided = (await type(command)).stdout;
    assert.match(decided, /^first_not_in\(incoming, .*\) → "author"$/m);
    assert.match(decided, /"code": "field_forbidden"/);
    const [shown] = blocks("json").filter((text) => text.includes('"a post keeps its author"'));
    await writeFile(join(copy, "case.json"), shown);
    const { stdout } = await type("bin/hapta-server policy eval posts --input case.json");
    assert.match(stdout, new RegExp(`"code": "${JSON.parse(shown).expect.code}"`));
  },
  "bin/hapta-server policy bench posts": async (command) => {
    assert.match((await type(command)).stdout, /^a post keeps its author +\S+s +\d+ /m);
  },
  "bin/hapta-server policy inspect posts": async (command) => {
    assert.match((await type(command)).stdout, /^operations +list view create update delete$/m);
  },
  "DB_URL=https://pb.example.com ADMIN_EMAIL=admin@example.com ADMIN_PASSWORD=… bin/hapta-server": async (command) => {
    await server.stop();
    for (const name of ["notes", "jottings"]) await rm(join(copy, `policies/${name}.wasm`)); // no collections of that PocketBase
    pocketbase = await startPocketBase();
    const changed = { DB_URL: pocketbase.databaseURL, ADMIN_EMAIL: superuser.email, ADMIN_PASSWORD: superuser.password };
    await typeAndLeave(`env ${command.replace(/(\w+)=(\S+)/g, (_, name) => `${name}=${changed[name]}`)}`);
    await assert.rejects(client(url).collection("comments").create({ body: "x" }), is(403, "sign_in_required"));
    // posts has null rules there, and no line hands it to its policy: check says so.
    const check = await execute("bin/hapta-server", ["check"], { cwd: copy, env: { ...env, ...changed } }).catch((failed) => failed);
    assert.match(check.stdout, /^ok +configuration is valid/);
    assert.match(check.stdout, /^problem +PocketBase's own rules for .* of posts are null/m);
    assert.equal(check.code, 2);
  },
  "bin/hapta-server policy remove comments": async (command) => {
    await type(command);
    await assert.rejects(readFile(join(copy, "policies/comments.wasm")), { code: "ENOENT" });
    const byRules = () =>
      client(url)
        .collection("comments")
        .create({ body: "x" })
        .then(() => false, is(400));
    await eventually(byRules, "comments were never left to PocketBase's rules");
  },
};

describe("the README", () => {
  it("has a step for each of its commands, and no other", () => {
    assert.deepEqual([...commands].sort(), Object.keys(steps).sort());
  });

  for (const [command, step] of Object.entries(steps)) {
    if (typeof step === "function") it(command, () => step(command));
  }
});

const is = (status, code) => (error) => error.status === status && error.response.data.hapta?.code === code;

async function copyTree() {
  const { stdout } = await execute("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: tree, maxBuffer: 1 << 24 });
  for (const file of stdout.split("\0").filter((name) => name && !name.startsWith("server/e2e/"))) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await cp(join(tree, file), join(copy, file)).catch((error) => {
      if (error.code !== "ENOENT") throw error; // removed, and not committed yet
    });
  }
  // What npm has put there already; without it, build.sh fetches it.
  await symlink(join(tree, "sdk-ts/node_modules"), join(copy, "sdk-ts/node_modules"));
}

/** The README's script, beside the client that it imports. */
async function runScript(script) {
  const dir = join(copy, "client");
  await mkdir(dir);
  await symlink(join(tree, "server/e2e/node_modules"), join(dir, "node_modules"));
  await writeFile(join(dir, "app.mjs"), script.replaceAll("http://127.0.0.1:3000", url));
  await execute(process.execPath, ["app.mjs"], { cwd: dir });
  const made = await client(url).collection("posts").getList(1, 1, { filter: 'title = "Hello"' });
  assert.equal(made.totalItems, 0, "a post is a draft until it is published");
}

/** Both examples become policies of the server that runs, and decide alike. */
async function compileExamples(command) {
  const root = await superuserOf(`http://127.0.0.1:${dashboard}`);
  const users = await root.collections.getOne("users");
  const languages = { notes: ["ts", blocks("ts")[0]], jottings: ["rs", blocks("rust")[0]] };
  for (const [name, [extension, source]] of Object.entries(languages)) {
    const fields = [
      { name: "title", type: "text" },
      { name: "text", type: "text" },
      { name: "draft", type: "bool" },
      { name: "pinned", type: "bool" },
      { name: "owner", type: "relation", collectionId: users.id, maxSelect: 1 },
    ];
    await root.collections.create({
      name,
      type: "base",
      listRule: "",
      viewRule: "",
      createRule: "",
      updateRule: "",
      deleteRule: "",
      fields,
    });
    await writeFile(join(copy, `policies/${name}.${extension}`), source);
  }
  const before = await Promise.all(["users", "posts", "comments"].map((name) => readFile(join(copy, `policies/${name}.wasm`))));
  await type(command);
  assert.deepEqual(await Promise.all(["users", "posts", "comments"].map((name) => readFile(join(copy, `policies/${name}.wasm`)))), before);

  const [ann, bob] = [await newUser(root), await newUser(root)];
  const [anns, bobs] = [await signIn(url, ann), await signIn(url, bob)];
  for (const name of Object.keys(languages)) {
    const refusesGuests = () =>
      client(url)
        .collection(name)
        .create({ title: "x" })
        .then(() => false, is(403, "sign_in_required"));
    await eventually(refusesGuests, `the policy of ${name} never came into force`);
    const note = await anns.collection(name).create({ title: "x", draft: true, owner: bob.id });
    assert.equal(note.owner, ann.id);
    await assert.rejects(bobs.collection(name).getOne(note.id), is(404));
    await assert.rejects(bobs.collection(name).update(note.id, { title: "y" }), is(404));
    await assert.rejects(anns.collection(name).update(note.id, { pinned: true }), is(403, "field_forbidden"));
    assert.equal((await anns.collection(name).update(note.id, { draft: false })).draft, false);
    await assert.rejects(bobs.collection(name).update(note.id, { title: "y" }), is(403, "ownership_required"));
    assert.equal((await client(url).collection(name).getOne(note.id)).id, note.id);
  }
}
