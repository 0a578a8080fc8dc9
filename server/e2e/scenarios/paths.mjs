import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sendLine, sendRaw } from "../support/send.mjs";

// Paths that two readers could read in two ways, over plain sockets: a client
// library would tidy them.
const tricks = [
  "//api/settings",
  "/api//settings",
  "/api/settings/",
  "/./api/settings",
  "/api/./settings",
  "/api/x/../settings",
  "/api/collections/../settings",
  "/api/%2e%2e/api/settings",
  "/api/%2E/settings",
  "/api/collections/posts/records/../../../settings",
  "/api/collections/posts/records/..%2f..%2f..%2fsettings",
  "/api/collections/posts/records/%2e%2e/%2e%2e/%2e%2e/settings",
  "/api/collections/..%2Fsettings/records",
  "/api/collections/%2e%2e/settings",
  "/api/collections/..%5c..%5csettings/records",
  "/api\\settings",
  "/api/collections\\_superusers\\records",
  "/api/;/settings",
  "/api/settings;x=y",
  "/api;x/settings",
  "/api/collections/posts;x/../../settings",
  "/api/collections/posts%00/records",
  "/api/collections/%00/records",
  "/api/collections/_superusers/records",
  "/api/collections/%5fsuperusers/records",
  "/api/collections/_superusers%20/records",
  "/api/collections/%255fsuperusers/records",
  "/api/collections/_superusers%2f/records",
  "/api/collections/_superusers;/records",
  "/api/collections/./_superusers/records",
  "/api/collections//_superusers/records",
  "/api/collections/notes/../_superusers/records",
  "/api/collections/_%73uperusers/records",
  "/api/files/..%2f..%2fsettings/x/y",
  "/api/files/posts/..%2f..%2f/y",
  "/api/files/posts/x/..%2f..%2f..%2f..%2fsettings",
  "/api/files/_superusers/x/y",
  "/%61pi/settings",
  "/api/%73ettings",
  "/API/settings",
  "/api/Settings",
  "/api/settings?x=/api/health",
  "/api/settings#/api/health",
  "/api/health/../settings",
  "/api/health%2f..%2fsettings",
  "/api/health%3f/../settings",
  "/api/health;/../settings",
  "/_/../api/settings",
  "/%5f/",
  "/_/..;/",
  "/api/hapta/health/../../settings",
  "/api/hapta/../settings",
  "/api/hapta/%2e%2e/settings",
  "/api/backups/..%2fx.zip?token=x",
  "/api/collections/posts/records/%",
  "/api/collections/posts/records/%zz",
  "/api/collections/posts/records/a%0d%0ab",
  "/api/collections/%ff%fe/records",
  "/api/collections/posts/records/x%23y%3fz",
  "*",
  "api/settings",
  "?",
  "/..",
  "/../../etc/passwd",
  "/api/collections/posts/records/x\ty",
];

export default (world) =>
  describe("paths that are not plain", () => {
    let token, host;
    before(() => {
      token = world.root.authStore.token;
      host = new URL(world.url).host;
    });

    for (const path of tricks) {
      it(JSON.stringify(path), async () => {
        for (const Authorization of [token, ""]) {
          const { status, text, raw } = await sendLine(world.url, `GET ${path} HTTP/1.1`, { Authorization });
          assert.ok([400, 404].includes(status), raw.slice(0, 500));
          assert.ok(!/"smtp"|"items"|"email":|<html|root:/i.test(text), text);
        }
      });
    }

    it("an address in place of a path", async () => {
      for (const target of [
        `http://${host}/api/settings`,
        "http://example.com/api/settings",
        `http://${host}//api/settings`,
        `http://${host}/api/collections/_superusers/records`,
      ]) {
        const { status, text, raw } = await sendLine(world.url, `GET ${target} HTTP/1.1`, { Authorization: token });
        assert.ok([400, 404].includes(status), raw.slice(0, 500));
        assert.ok(!/"smtp"|"items"/.test(text), text);
      }
    });

    it("an escaped letter is the letter", async () => {
      const { status, text } = await sendLine(
        world.url,
        "GET /api/collections/%70osts/records?perPage=1&filter=published%3Dfalse HTTP/1.1",
      );
      assert.equal(status, 200, text);
      assert.deepEqual(JSON.parse(text).items, []);
    });

    it("a second request cannot hide in the first one's body", async () => {
      // RFC 9112, section 6.1: a length and chunks in one request end the connection.
      const hidden = `0\r\n\r\nGET /api/hapta/health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const answer = await sendRaw(
        world.url,
        `POST /api/collections/posts/records HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n${hidden}`,
      );
      assert.equal(answer.match(/HTTP\/1\.1 \d{3}/g).length, 1, answer);
    });
  });
