// A policy that is too much to compile in time holds up neither a start nor a stop.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderWithPolicies, launchServer, removeFolders, startServer } from "./harness.mjs";
import { freePort } from "./support/ports.mjs";
import { eventually } from "./support/wait.mjs";

after(removeFolders);
const bomb = fileURLToPath(new URL("../policy/testdata/hostile/compile_bomb_ifs.wasm", import.meta.url));

it("stops while it is compiled, and starts without it", async () => {
  const dir = await folderWithPolicies("hapta-slow-policy");
  await cp(bomb, join(dir, "policies", "notes.wasm"));
  const first = launchServer(dir, await freePort());
  const compiling = async () => (await readdir(join(dir, "hapta_state", "modules")).catch(() => [])).some((name) => name.startsWith("unfinished-"));
  await eventually(compiling, () => `it never compiled:\n${first.log}`);
  first.signal("SIGTERM");
  assert.equal((await first.process.ended).code, 0, first.log);
  assert.doesNotMatch(first.log, /context canceled/);

  const second = await startServer(dir, await freePort());
  assert.match(second.log, /takes long to compile; its collection is refused until that is done/);
  await second.logged(/policy notes: it takes more than/);
  await second.stop();
});
