// Plain HTTP, for what the official client would not send.
import { request } from "node:http";
import { connect } from "node:net";
import { within } from "./wait.mjs";

/** send(url, "PATCH", "/api/…", { token, json, body, type, headers }) answers { status, headers, text, json }. */
export async function send(base, method, path, { token, json, body, type, headers = {} } = {}) {
  const all = new Headers(headers);
  if (token) all.set("Authorization", token);
  if (json !== undefined) [body, type] = [JSON.stringify(json), "application/json"];
  if (type) all.set("Content-Type", type);
  const answer = await fetch(base + path, { method, headers: all, body, redirect: "manual" });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends the chunks as they come, and takes an answer that comes before their end. */
export function sendChunks(base, method, path, chunks, { headers = {} } = {}) {
  const done = new Promise((answered, failed) => {
    const out = request(base + path, { method, headers });
    let response;
    out.on("response", (incoming) => {
      response = incoming;
      let text = "";
      incoming.setEncoding("utf8").on("data", (part) => (text += part));
      incoming.on("error", failed);
      incoming.on("end", () => answered({ status: incoming.statusCode, headers: incoming.headers, text, json: parsed(text) }));
    });
    // The server may close before it has read everything; then only the answer counts.
    out.on("error", (error) => response ?? failed(error));
    write(out, chunks, () => response !== undefined).catch(failed);
  });
  return within(60_000, done, `${method} ${path} is never answered`);
}

async function write(out, chunks, enough) {
  for await (const chunk of chunks) {
    if (enough() || out.destroyed) return;
    if (!out.write(chunk)) await any(out, "drain", "close", "response");
  }
  out.end();
}

function any(emitter, ...events) {
  return new Promise((done) => {
    const end = () => {
      for (const event of events) emitter.off(event, end);
      done();
    };
    for (const event of events) emitter.on(event, end);
  });
}

/** Writes bytes to a socket and returns what comes until the server closes. */
export function sendRaw(base, text) {
  const { hostname, port } = new URL(base);
  const done = new Promise((answered, failed) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let all = "";
    socket.setEncoding("latin1").on("data", (part) => (all += part));
    socket.on("end", () => socket.end());
    socket.on("close", () => answered(all));
    socket.on("error", (error) => (all ? answered(all) : failed(error)));
  });
  return within(10_000, done, `no end of the answer to ${JSON.stringify(text.slice(0, 100))}`);
}

/** A request line as it is, byte for byte. */
export async function sendLine(base, line, headers = {}) {
  const head = Object.entries({ Host: new URL(base).host, Connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const answer = await sendRaw(base, `${line}\r\n${head.join("")}\r\n`);
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  return { status: Number(status ?? 0), text: answer.slice(answer.indexOf("\r\n\r\n") + 4), raw: answer };
}
