import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answersRefusal } from "../support/expect.mjs";
import { send, sendChunks, sendLine } from "../support/send.mjs";
import { unique } from "../support/world.mjs";

const mebibyte = Buffer.alloc(1 << 20, "x");
function* filler(head, mebibytes, tail) {
  yield head;
  for (let n = 0; n < mebibytes; n++) yield mebibyte;
  yield tail;
}

export default (world) =>
  describe("bodies that cannot be taken", () => {
    let ann, path;
    before(async () => {
      ann = await world.user();
      path = "/api/collections/posts/records";
    });
    const stored = async () => (await world.root.collection("posts").getList(1, 1, { filter: `author = "${ann.id}"` })).totalItems;
    const post = (body, type = "application/json", where = path) => send(world.url, "POST", where, { token: ann.token, body, type });

    it("malformed JSON", async () => {
      for (const body of [
        "{",
        '{"title":',
        '{"title":"x"',
        '{"title":"x"}}',
        "{'title':'x'}",
        '{"title":"x",}',
        "nonsense",
        '"text"',
        "[]",
        '[{"title":"x"}]',
        "1",
        "null",
        '{"title":"\\x"}',
        '{"a":1}{"b":2}',
      ]) {
        answersRefusal(await post(body), 400, "bad_body");
      }
      assert.equal(await stored(), 0);
    });

    it("malformed forms", async () => {
      for (const [body, type] of [
        ['--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nhello', "multipart/form-data; boundary=x"],
        ["x", "multipart/form-data"],
        ["x", "multipart/form-data; boundary=y"],
        ["title=%zz", "application/x-www-form-urlencoded"],
      ]) {
        answersRefusal(await post(body, type), 400, "bad_body");
      }
      assert.equal(await stored(), 0);
    });

    it("forms of no known kind", async () => {
      for (const type of ["text/plain", "application/xml", "application/octet-stream", "nonsense"])
        answersRefusal(await post('{"title":"x"}', type), 400, "bad_body");
      assert.equal(await stored(), 0);
    });

    it("too much, announced and in chunks", async () => {
      const head = `{"author":"${ann.id}","title":"x","body":"`;
      for (const headers of [{ "Content-Length": String(head.length + 64 * mebibyte.length + 2) }, { "Transfer-Encoding": "chunked" }]) {
        const answer = await sendChunks(world.url, "POST", path, filler(head, 64, '"}'), {
          headers: { "Content-Type": "application/json", Authorization: ann.token, ...headers },
        });
        answersRefusal(answer, 413, "body_too_large");
      }
      assert.equal(await stored(), 0);
    });

    it("too much of an upload", async () => {
      const head = '--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n';
      const answer = await sendChunks(world.url, "POST", path, filler(head, 64, "\r\n--x--\r\n"), {
        headers: { "Content-Type": "multipart/form-data; boundary=x", Authorization: ann.token, "Transfer-Encoding": "chunked" },
      });
      answersRefusal(answer, 413, "body_too_large");
      assert.equal(await stored(), 0);
    });

    it("too much for signing in and for topics", async () => {
      for (const where of ["/api/collections/users/auth-with-password", "/api/realtime"]) {
        for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
          const length = headers["Transfer-Encoding"] ? {} : { "Content-Length": String(2 + 4 * mebibyte.length) };
          answersRefusal(
            await sendChunks(world.url, "POST", where, filler("{", 4, "}"), {
              headers: { "Content-Type": "application/json", ...headers, ...length },
            }),
            413,
            "body_too_large",
          );
        }
      }
    });

    it("headers that are too large", async () => {
      const { status } = await sendLine(world.url, "GET /api/collections/posts/records HTTP/1.1", { "X-Large": "x".repeat(40_000) });
      assert.equal(status, 431);
    });

    it("what is no HTTP", async () => {
      for (const line of ["nonsense", "GET / HTTP/9.9", "GET", "\0\0\0"]) {
        const { status, raw } = await sendLine(world.url, line);
        assert.ok(status === 0 || (status >= 400 && status < 500) || status === 505, raw);
      }
    });

    it("harms nobody else: the next request is served", async () => {
      const title = unique("after");
      const record = await ann.client.collection("posts").create({ title, author: ann.id });
      assert.equal(record.title, title);
      assert.equal((await world.hapta.health()).status, 200);
    });
  });
