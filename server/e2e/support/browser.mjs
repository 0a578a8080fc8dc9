// A real browser, driven over a pipe by Chromium's own protocol, so that nothing
// has to be installed but the browser itself.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { folder } from "../harness.mjs";
import { eventually, within } from "./wait.mjs";

/** The path of a browser of this machine, or undefined; CHROMIUM names another. */
export async function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const paths = process.env.PATH.split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  for (const path of [process.env.CHROMIUM, ...paths]) {
    if (path && (await access(path).then(() => true, () => false))) return path;
  }
}

export async function startBrowser(path) {
  const dir = await folder("browser");
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", `--user-data-dir=${dir}`];
  const child = spawn(path, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], env: { PATH: process.env.PATH, HOME: dir } });
  const waiting = new Map(),
    heard = [];
  let last = 0,
    rest = "";
  child.stdio[4].setEncoding("utf8").on("data", (part) => {
    const messages = (rest + part).split("\0");
    rest = messages.pop();
    for (const message of messages.map(JSON.parse)) (waiting.get(message.id) ?? ((other) => heard.push(other)))(message);
  });
  const call = (method, params = {}, sessionId) => {
    const id = ++last;
    const answer = new Promise((done) => waiting.set(id, done));
    child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return within(30_000, answer, `the browser does not answer ${method}`).then(({ result, error }) => result ?? assert.fail(error.message));
  };
  const ended = new Promise((done) => child.on("close", done));
  await call("Target.setDiscoverTargets", { discover: true });
  return { page: () => openPage(call, heard), close: () => call("Browser.close").then(() => ended) };
}

/** A page of somebody of their own: it shares no cookies with others. */
async function openPage(call, heard) {
  const { browserContextId } = await call("Target.createBrowserContext");
  const { targetId } = await call("Target.createTarget", { url: "about:blank", browserContextId });
  return attach(call, heard, targetId);
}

async function attach(call, heard, targetId) {
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  await call("Page.enable", {}, sessionId);
  await call("Log.enable", {}, sessionId);
  await call("Network.enable", {}, sessionId);
  const evaluate = async (expression) => {
    const params = { expression, returnByValue: true, awaitPromise: true, userGesture: true }; // or it may open no windows
    const { result, exceptionDetails } = await call("Runtime.evaluate", params, sessionId);
    if (exceptionDetails) assert.fail(JSON.stringify(exceptionDetails));
    return result.value;
  };
  const opened = async (taken) => {
    const event = () => heard.filter(({ method, params }) => method === "Target.targetCreated" && params.targetInfo.openerId === targetId)[taken];
    return (await eventually(event, "the page opens no window")).params.targetInfo.targetId;
  };
  const isClosed = (id) => heard.some(({ method, params }) => method === "Target.targetDestroyed" && params.targetId === id);
  return {
    evaluate,
    goto: (url) => call("Page.navigate", { url }, sessionId),
    /** Resolves once the page shows a text. */
    shows: (text) => eventually(async () => (await evaluate("document.body?.innerText ?? ''")).includes(text), `the page never shows ${text}`),
    async type(id, text) {
      await evaluate(`document.getElementById(${JSON.stringify(id)}).focus()`);
      await call("Input.insertText", { text }, sessionId);
    },
    click: (id) => evaluate(`document.getElementById(${JSON.stringify(id)}).click()`),
    /** The window that this page opens, or has opened, past those that were taken before. */
    popup: async (taken = 0) => attach(call, heard, await opened(taken)),
    /** Resolves once such a window has closed, which may be before anybody can look into it. */
    async popupCloses(taken = 0) {
      const popup = await opened(taken);
      await eventually(() => isClosed(popup), "the window stays");
    },
    isClosed: () => isClosed(targetId),
    close: () => call("Target.closeTarget", { targetId }),
    screenshot: async (width, height, dark) => {
      await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }, sessionId);
      await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] }, sessionId);
      return Buffer.from((await call("Page.captureScreenshot", {}, sessionId)).data, "base64");
    },
    /** Those of answers that a browser may keep, as they came: what it has kept itself is 304. */
    statuses: () =>
      heard
        .filter(({ method, sessionId: from }) => method === "Network.responseReceivedExtraInfo" && from === sessionId)
        .filter(({ params }) => Object.keys(params.headers).some((name) => name.toLowerCase() === "etag"))
        .map(({ params }) => params.statusCode),
    /** What the browser refused or complained of. */
    complaints: () => heard.filter(({ method, sessionId: from }) => method === "Log.entryAdded" && from === sessionId).map(({ params }) => params.entry.text),
  };
}
