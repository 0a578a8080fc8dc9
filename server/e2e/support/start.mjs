// The two worlds: the database embedded in Hapta, and Hapta in front of a
// PocketBase process of its own.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder, folderWithPolicies, launchServer, startServer } from "../harness.mjs";
import { addHook, prepareCollections } from "./collections.mjs";
import { freePort } from "./ports.mjs";
import { credentials, superuserOf, World } from "./world.mjs";

export async function startEmbedded(env = {}) {
  const [dir, port, dashboard] = [await folderWithPolicies("hapta-embedded"), await freePort(), await freePort()];
  const options = { args: ["--demo"], env: { ...credentials, HAPTA_UPSTREAM_DASHBOARD: `127.0.0.1:${dashboard}`, ...env } };
  await addHook(join(dir, "demo_data"));
  const hapta = await startServer(dir, port, options);
  const databaseURL = `http://127.0.0.1:${dashboard}`;
  const root = await superuserOf(databaseURL);
  await prepareCollections(root);
  const world = new World("embedded", hapta, databaseURL, root, [hapta]);
  return Object.assign(world, {
    start: () => startServer(dir, port, options),
    setEnv: (changed) => Object.assign(options.env, changed),
  });
}

/** Stops an embedded world, lets something happen, and starts it where it was. */
export async function restartEmbedded(world, meanwhile = () => {}) {
  await world.stop();
  await meanwhile();
  world.hapta = await world.start();
  world.servers = [world.hapta];
}

export async function startRemote(env = {}) {
  const pocketbase = await startPocketBase();
  const root = await superuserOf(pocketbase.databaseURL);
  await prepareCollections(root);
  const hapta = await startServer(...(await inFrontOf(pocketbase.databaseURL, env)));
  return new World("remote", hapta, pocketbase.databaseURL, root, [hapta, pocketbase.server]);
}

/** Hapta on a folder as it is, before collections that prepare makes as superuser: { hapta, root, stop }. */
export async function startIn(dir, what, prepare, { port, env } = {}) {
  port ??= await freePort();
  const start = (more) => startServer(dir, port, { env: { ...credentials, ...env, ...more } });
  if (what === "remote") {
    const pocketbase = await startPocketBase();
    const root = await superuserOf(pocketbase.databaseURL);
    await prepare(root);
    const hapta = await start({ DB_URL: pocketbase.databaseURL });
    return { hapta, root, stop: async () => (await hapta.stop(), await pocketbase.server.stop()) };
  }
  const dashboard = `127.0.0.1:${await freePort()}`;
  const hapta = await start({ HAPTA_UPSTREAM_DASHBOARD: dashboard });
  const root = await superuserOf(`http://${dashboard}`);
  await prepare(root);
  return { hapta, root, stop: () => hapta.stop() };
}

/** What startServer needs for a Hapta that hands posts to its policy. */
export async function inFrontOf(databaseURL, env = {}) {
  const [dir, port] = [await folderWithPolicies("hapta-remote"), await freePort()];
  await writeFile(join(dir, "hapta.toml"), '[collections.posts]\nauthority = "policy"\n');
  return [dir, port, { env: { ...credentials, DB_URL: databaseURL, ...env } }];
}

/**
 * A PocketBase process with the demo's collections. It is the one inside the
 * binary, met at its own listener; nothing of Hapta stands before that.
 */
export async function startPocketBase() {
  const [dir, dashboard] = [await folder("pocketbase"), await freePort()];
  const databaseURL = `http://127.0.0.1:${dashboard}`;
  await addHook(join(dir, "demo_data"));
  const start = async () => {
    const server = launchServer(dir, await freePort(), {
      args: ["--demo"],
      env: { ...credentials, HAPTA_UPSTREAM_DASHBOARD: `127.0.0.1:${dashboard}` },
    });
    await server.becomesReady();
    return server;
  };
  return { databaseURL, start, server: await start() };
}
