// Modules that are no policies, and policies that belong to no collection.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders, run } from "./harness.mjs";
import { adminKey, closed, inForce, versionInForce } from "./support/admin.mjs";
import { refused } from "./support/expect.mjs";
import { assembled, committed, compiled, version } from "./support/modules.mjs";
import { restartEmbedded, startEmbedded } from "./support/start.mjs";

const manifest = { name: "notes", operations: ["view"] };
const record = { hapta_record: 2 };
const whole = assembled({ manifest, exports: record });

const broken = {
  "no wasm at all": [Buffer.from("not wasm"), /not a WebAssembly module: it does not begin with \\?\\?0asm/],
  "an empty file": [Buffer.alloc(0), /not a WebAssembly module/],
  "a component": [Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /no WebAssembly module of version 1/],
  "half a module": [whole.subarray(0, whole.length - 30), /./],
  "an import that is not offered": [
    assembled({ manifest, exports: record, imports: [["env", "fetch"]] }),
    /imports env\.fetch, which is not offered/,
  ],
  WASI: [
    assembled({ manifest, exports: record, imports: [["wasi_snapshot_preview1", "fd_write"]] }),
    /imports wasi_snapshot_preview1\.fd_write, .*without WASI/,
  ],
  "a clock": [assembled({ manifest, exports: record, imports: [["env", "Date.now"]] }), /imports env\.Date\.now, .*SDK's now/],
  "another ABI": [
    assembled({ manifest, exports: record, imports: [["hapta_v2", "root"]] }),
    /imports hapta_v2\.root, .*this server speaks hapta_v1/,
  ],
  "an import of another type": [
    assembled({ manifest, exports: record, imports: [["hapta_v1", "verdict"]] }),
    /imports hapta_v1\.verdict with the type .*, which is not its type/,
  ],
  "no export for what it handles": [
    assembled({ manifest: { ...manifest, operations: ["view", "list"] }, exports: record }),
    /names the operation list, but it does not export hapta_filter/,
  ],
  "a misspelt export": [
    assembled({ manifest, exports: { ...record, hapta_recrod: 2 } }),
    /exports hapta_recrod, which hapta_v1 does not know/,
  ],
  "an export of another type": [
    assembled({ manifest, exports: { hapta_record: 1 } }),
    /export hapta_record is not a function with 2 parameters/,
  ],
  "no memory": [assembled({ manifest, exports: record, memory: false }), /does not export its memory/],
  "no manifest": [assembled({ exports: record }), /no policy of Hapta's.*it has 0/],
  "a manifest with an unknown key": [
    assembled({ manifest: { ...manifest, opne: true }, exports: record }),
    /manifest is not valid: .*opne/,
  ],
  "a manifest with an unknown operation": [
    assembled({ manifest: { ...manifest, operations: ["veiw"] }, exports: record }),
    /no operation \\?"veiw\\?"/,
  ],
  "too many bytes": [Buffer.concat([whole, Buffer.alloc(2 << 20)]), /larger than the 1024 KiB that a policy may have/],
};

const world = await startEmbedded({ HAPTA_ADMIN_KEY: adminKey });
after(async () => {
  await world.stop();
  await removeFolders();
});
const notes = join(world.hapta.dir, "policies/notes.wasm");
const guest = world.guest();

describe("a module that is no policy", () => {
  for (const [what, [wasm, words]] of Object.entries(broken)) {
    it(`${what}: check says why`, async () => {
      const dir = await folderWithPolicies();
      await writeFile(join(dir, "policies/notes.wasm"), wasm);
      const { code, stdout, stderr } = await run(dir, ["check"]);
      assert.equal(code, 2, stdout + stderr);
      const problems = stdout.split("\n").filter((line) => line.startsWith("problem"));
      assert.equal(problems.length, 1, stdout);
      assert.match(problems[0], /notes\.wasm/);
      assert.match(problems[0], words);
    });
  }

  it("that is dropped in closes its collection, and says why once", async () => {
    const from = world.hapta.log.length;
    await writeFile(notes, broken["an import that is not offered"][0]);
    await closed(world.url, "notes", "policy_not_loaded");
    await refused(guest.collection("notes").getList(1, 1), 403, "policy_not_loaded");
    const errors = world.hapta.entries(from).filter((entry) => entry.level === "ERROR");
    assert.equal(errors.length, 1, world.hapta.log.slice(from));
    assert.match(errors[0].msg, /its collection is refused/);
    assert.match(errors[0].error, broken["an import that is not offered"][1]);
  });

  it("closes it at a start too, and leaves the others open", async () => {
    await restartEmbedded(world, () => writeFile(notes, broken["no export for what it handles"][0]));
    await refused(guest.collection("notes").getList(1, 1), 403, "policy_not_loaded");
    assert.ok((await guest.collection("posts").getList(1, 1)).totalItems > 0);
  });
});

describe("a policy that comes to no decision", () => {
  const source = `
    import { Verdict, View, allow } from "hapta";
    export const manifest = {};
    export function view(c: View): Verdict {
      const text = c.stored.get("text");
      if (text.equals("trap")) unreachable();
      while (text.equals("loop")) {}
      if (text.equals("recurse") && deeper(1) == 0) return allow();
      let grown = "grown";
      while (text.equals("grow")) grown += grown;
      return allow();
    }
    function deeper(n: i32): i32 { return n + deeper(n + 1); }
  `;

  it("is refused by what became of it, record by record, and harms nobody else", async () => {
    const wasm = await compiled(source, "notes");
    await writeFile(notes, wasm);
    await versionInForce(world.url, "notes", version(wasm));
    for (const [text, code] of [
      ["trap", /^policy_trapped$/],
      ["loop", /^policy_out_of_fuel$/],
      ["recurse", /^policy_(trapped|out_of_fuel)$/],
      ["grow", /^policy_(trapped|out_of_fuel|out_of_memory)$/],
    ]) {
      const { id } = await world.root.collection("notes").create({ text });
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          guest
            .collection("notes")
            .getOne(id)
            .then(
              () => "allowed",
              (error) => error,
            ),
        ),
      );
      for (const error of answers) {
        assert.equal(error.status, 403, `${text}: ${error}`);
        assert.match(error.response.data.hapta.code, code);
        assert.ok(!JSON.stringify(error.response).includes("unreachable"), "details of the policy leaked");
      }
    }
    const fine = await world.root.collection("notes").create({ text: "fine" });
    assert.equal((await guest.collection("notes").getOne(fine.id)).text, "fine");
    const { items } = await guest.collection("notes").getList(1, 50, { fields: "text" });
    assert.deepEqual(items, [{ text: "fine" }], "records that the policy fails on are left out");
    assert.ok((await guest.collection("posts").getList(1, 1)).totalItems > 0);
  });

  it("is refused with its own code, for each record it judges", async () => {
    const { id } = await world.root.collection("notes").create({ text: "n" });
    await writeFile(notes, whole); // its handlers return without a verdict
    await versionInForce(world.url, "notes", version(whole));
    await refused(guest.collection("notes").getOne(id), 403, "policy_invalid");
    assert.deepEqual((await guest.collection("notes").getList(1, 10)).items, []);
    const made = await guest.collection("notes").create({ text: "x" });
    assert.deepEqual(Object.keys(made), ["id"], "stored, and may not be seen: the id alone");
  });
});

describe("a view of what a policy decides", () => {
  it("is told of, as long as it has no policy of its own", async () => {
    const from = world.hapta.log.length;
    const view = await world.root.collections.create({ name: "titles", type: "view", viewQuery: "select id, title from posts", listRule: "" });
    await world.hapta.logged(/the view titles reads posts, which a policy decides, and has no policy of its own/, from);
    await world.root.collections.delete(view.id);
  });
});

describe("a policy named after nothing", () => {
  it("decides nothing and is told of, by the log and by check", async () => {
    const from = world.hapta.log.length;
    const posts = await committed("posts");
    const folder = join(world.hapta.dir, "policies");
    await writeFile(join(folder, "nothing.wasm"), posts);
    await writeFile(join(folder, "_superusers.wasm"), posts);
    await writeFile(join(folder, "_externalAuths.wasm"), posts);
    await world.hapta.logged(
      "the policy nothing.wasm is named after no collection, so it decides nothing; rename it after one, or remove it",
      from,
    );
    for (const name of ["_superusers", "_externalauths"]) {
      await world.hapta.logged(
        new RegExp(`the policy ${name}\\.wasm is named after a system collection, which policies never decide about; remove it`, "i"),
        from,
      );
    }
    assert.equal((await inForce(world.url))._externalAuths.policy, undefined);
    assert.ok((await guest.collection("posts").getList(1, 1)).totalItems > 0);

    const check = await run(world.hapta.dir, ["check", "--demo"]);
    assert.equal(check.code, 2, check.stdout);
    assert.match(check.stdout, /^problem +the policy nothing\.wasm is named after no collection/m);
    assert.match(check.stdout, /^problem +the policy _superusers\.wasm is named after a system collection/m);
  });
});
