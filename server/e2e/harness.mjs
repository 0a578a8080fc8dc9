// Runs the real binary: each process in a folder of its own, with nothing of
// this machine's environment but PATH.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { access, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, within } from "./support/wait.mjs";

export const tree = fileURLToPath(new URL("../..", import.meta.url));
export const binary = resolve(process.env.HAPTA_BIN ?? join(tree, "bin/hapta-server"));
await access(binary).catch(() => assert.fail(`${binary} is missing; build it with ./build.sh, or name it as HAPTA_BIN`));

const running = new Set();
const folders = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A fresh folder that goes away with the tests. */
export async function folder(name = "hapta-e2e") {
  const dir = await mkdtemp(join(tmpdir(), `${name}-`));
  folders.add(dir);
  return dir;
}

/** Call it once in a file's last hook. It ends what a test that failed left running. */
export async function removeFolders() {
  running.forEach((child) => child.kill("SIGKILL"));
  for (const dir of folders) await rm(dir, { recursive: true, force: true });
  folders.clear();
}

/** A folder with a copy of the committed policies. */
export async function folderWithPolicies(name) {
  const dir = await folder(name);
  await cp(join(tree, "policies"), join(dir, "policies"), { recursive: true });
  return dir;
}

function launch(dir, args, env) {
  return watch(spawn(binary, args, { cwd: dir, env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] }));
}

function watch(child) {
  running.add(child);
  const watched = { child, stdout: "", stderr: "", code: undefined, signal: undefined };
  child.stdout.setEncoding("utf8").on("data", (text) => (watched.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (watched.stderr += text));
  watched.ended = new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => {
      running.delete(child);
      done(Object.assign(watched, { code, signal }));
    });
  });
  return watched;
}

/** Runs a command that ends by itself: { code, stdout, stderr }. */
export async function run(dir, args, env = {}) {
  const watched = launch(dir, args, env);
  try {
    return await within(30_000, watched.ended, () => `hapta-server ${args.join(" ")} still runs:\n${watched.stderr}`);
  } finally {
    watched.child.kill("SIGKILL");
  }
}

/** A server that runs. */
export class Server {
  constructor(dir, url, watched) {
    this.dir = dir;
    this.url = url;
    this.process = watched;
  }

  get log() {
    return this.process.stderr;
  }
  get stdout() {
    return this.process.stdout;
  }
  get isRunning() {
    return this.process.code === undefined;
  }

  signal(name) {
    this.process.child.kill(name);
  }

  /** What was logged from a place on, lines of JSON. */
  entries(from = 0) {
    return this.log
      .slice(from)
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }

  /** Resolves once the log holds a text from a place on, an earlier length of log. */
  logged(text, from = 0) {
    const found = () => (text instanceof RegExp ? text.test(this.log.slice(from)) : this.log.slice(from).includes(text));
    return eventually(found, () => `the log never said ${text}:\n${this.log.slice(from)}`);
  }

  async health(kind = "ready") {
    const answer = await fetch(`${this.url}/api/hapta/health/${kind}`);
    return { status: answer.status, body: await answer.json() };
  }

  becomesReady(want = true, patience) {
    return eventually(
      async () => {
        assert.ok(this.isRunning, `the server ended with ${this.process.code}:\n${this.log}`);
        return (await this.health().catch(() => ({ status: 0 }))).status === (want ? 200 : 503);
      },
      () => `readiness never became ${want}:\n${this.log}`,
      patience,
    );
  }

  /** SIGTERM, and everything has to end well. */
  async stop() {
    if (!this.isRunning) return assert.fail(`the server ended by itself with ${this.process.code}:\n${this.log}`);
    this.signal("SIGTERM");
    const { code, signal } = await this.exit();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.log);
  }

  exit() {
    return within(20_000, this.process.ended, () => `the server does not end:\n${this.log}`);
  }

  /** As a power cut would. */
  async kill() {
    this.signal("SIGKILL");
    await this.exit();
  }
}

/** Takes a child that serves at url for a server. */
export const adopt = (dir, url, child) => new Server(dir, url, watch(child));

// All clients of a test come from one address, and ask faster than people do.
const generous = Object.fromEntries(
  ["DEFAULT", "AUTH", "FILES", "PASSTHROUGH"].map((operation) => [`HAPTA_RATELIMITS_${operation}_LIMIT`, "100000"]),
);

/** Starts a server on a port of [server]; it is not waited for. */
export function launchServer(dir, port, { args = [], env = {} } = {}) {
  const watched = launch(dir, ["serve", ...args], { HAPTA_SERVER_PORT: String(port), ...generous, ...env });
  return new Server(dir, `http://127.0.0.1:${port}`, watched);
}

/** Starts a server and waits until it is ready. */
export async function startServer(dir, port, options) {
  const server = launchServer(dir, port, options);
  await server.becomesReady();
  return server;
}
