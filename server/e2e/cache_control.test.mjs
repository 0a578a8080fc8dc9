// What an operator sees of the cache, and changes of it, while the server runs.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders, startServer } from "./harness.mjs";
import { adminKey } from "./support/admin.mjs";
import { freePort } from "./support/ports.mjs";
import { send } from "./support/send.mjs";

describe("the cache in hapta.toml", async () => {
  const dir = await folderWithPolicies("hapta-cache");
  const configure = (text) => writeFile(join(dir, "hapta.toml"), `[upstream]\ndashboard = ""\n${text}`);
  await configure('[cache]\nsize = "8MiB"\n');
  const hapta = await startServer(dir, await freePort(), { args: ["--demo"], env: { HAPTA_ADMIN_KEY: adminKey } });
  after(async () => {
    await hapta.stop();
    await removeFolders();
  });
  const admin = (method, path) => send(hapta.url, method, path, { headers: { "X-Hapta-Admin-Key": adminKey } });
  const read = async () => (await send(hapta.url, "GET", "/api/collections/posts/records")).headers.get("x-hapta-cache");
  const size = async () => (await admin("GET", "/api/hapta/admin/cache")).json.size;
  const metrics = async () => (await admin("GET", "/metrics")).text;
  const reload = async (said) => {
    const from = hapta.log.length;
    hapta.signal("SIGHUP");
    await hapta.logged(said, from);
  };

  it("has its size from the start", async () => {
    assert.equal(await size(), 8 << 20);
    assert.match(await metrics(), /^hapta_cache_size_bytes 8388608$/m);
  });

  it("counts what it spares, and forgets what is purged", async () => {
    assert.deepEqual([await read(), await read()], ["miss", "hit"]);
    assert.equal((await admin("DELETE", "/api/hapta/admin/cache?collection=posts")).status, 204);
    assert.deepEqual([await read(), await read()], ["miss", "hit"]);
    const { collections } = (await admin("GET", "/api/hapta/admin/cache")).json;
    assert.deepEqual(collections, [{ collection: "posts", hits: 2, stale: 0, misses: 2, bypasses: 0 }]);
    assert.match(await metrics(), /^hapta_cache_reads_total\{collection="posts",outcome="hit"\} 2$/m);
  });

  it("has another on SIGHUP, unless that is wrong", async () => {
    await configure("[cache]\nsize = 1\n");
    await reload(/one in force stays[^\n]*cache\.size: expected a size from 8MiB/);
    assert.equal(await size(), 8 << 20);
    await configure('[cache]\nsize = "16MiB"\n[collections.posts]\ncache = "off"\n');
    await reload("the configuration was read again");
    assert.equal(await size(), 16 << 20);
    assert.deepEqual([await read(), await read()], ["bypass", "bypass"]);
    await configure("");
    await reload("the configuration was read again");
    assert.deepEqual([await read(), await read()], ["miss", "hit"]);
    await configure("[cache]\nsize = 0\n");
    await reload("the configuration was read again");
    assert.equal(await size(), 0);
    assert.equal(await read(), "bypass");
    assert.match(await metrics(), /^hapta_cache_size_bytes 0$/m);
  });

  it("is purged by the admin key alone", async () => {
    const from = hapta.log.length;
    assert.equal((await send(hapta.url, "DELETE", "/api/hapta/admin/cache")).status, 401);
    assert.equal((await admin("DELETE", "/api/hapta/admin/cache?colection=posts")).status, 400);
    assert.equal((await admin("DELETE", "/api/hapta/admin/cache?collection=posts")).status, 204);
    await hapta.logged("purged", from);
    const purged = hapta.entries(from).filter(({ msg }) => /purged/.test(msg));
    assert.deepEqual(purged.map(({ collection, record }) => [collection, record]), [["posts", ""]]);
  });
});
