import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answersRefusal } from "../support/expect.mjs";
import { send } from "../support/send.mjs";

// Every way by which a field could come in past the one that was judged.
export default (world) =>
  describe("where fields come from", () => {
    let ann, bob, post;
    before(async () => {
      [ann, bob] = [await world.user({ name: "Ann" }), await world.user()];
      post = await world.post(ann, { title: "Before" });
    });
    const patch = (collection, id, options, query = "") =>
      send(world.url, "PATCH", `/api/collections/${collection}/records/${id}${query}`, { token: ann.token, ...options });
    const patchUser = (options, query) => patch("users", ann.id, options, query);
    const patchPost = (options, query) => patch("posts", post.id, options, query);
    const json = (body) => ({ body, type: "application/json" });
    const urlencoded = (body) => ({ body, type: "application/x-www-form-urlencoded" });
    const form = (...entries) => {
      const body = new FormData();
      for (const [key, value] of entries) body.append(key, value);
      return { body };
    };
    const unchanged = async () => {
      assert.equal((await world.stored("users", ann.id)).name, "Ann");
      assert.equal((await world.stored("users", ann.id)).validVerified, false);
      const kept = await world.stored("posts", post.id);
      assert.deepEqual([kept.title, kept.author], ["Before", ann.id]);
    };

    it("refuses a key that is given twice", async () => {
      for (const send of [patchUser, patchPost]) {
        const field = send === patchUser ? "name" : "title";
        const escaped = `\\u00${field.charCodeAt(0).toString(16)}${field.slice(1)}`;
        answersRefusal(await send(json(`{"${field}":"a","${field}":"b"}`)), 400, "duplicate_field");
        answersRefusal(await send(json(`{"${field}":"a","${field.toUpperCase()}":"b"}`)), 400, "duplicate_field");
        answersRefusal(await send(json(`{"${field}":"a","${escaped}":"b"}`)), 400, "duplicate_field");
        answersRefusal(await send(form([field, "a"], [field.toUpperCase(), "b"])), 400, "duplicate_field");
        answersRefusal(await send(form([field, "a"], ["@jsonPayload", `{"${field}":"b"}`])), 400, "duplicate_field");
        answersRefusal(
          await send(form(["@jsonPayload", `{"${field}":"a"}`], ["@jsonPayload", `{"${field}":"b"}`])),
          400,
          "duplicate_field",
        );
        answersRefusal(await send(urlencoded(`${field}=a&${field.toUpperCase()}=b`)), 400, "duplicate_field");
      }
      await unchanged();
    });

    it("refuses the author given twice, whichever one a reader would take", async () => {
      const create = (options) => send(world.url, "POST", "/api/collections/posts/records", { token: ann.token, ...options });
      answersRefusal(await create(json(`{"title":"x","author":"${ann.id}","author":"${bob.id}"}`)), 400, "duplicate_field");
      answersRefusal(await create(json(`{"title":"x","author":"${bob.id}","author":"${ann.id}"}`)), 400, "duplicate_field");
      answersRefusal(await create(json(`{"title":"x","author":"${ann.id}","Author":"${bob.id}"}`)), 400, "duplicate_field");
    });

    it("takes a field plain and with modifiers, and refuses what their order would decide", async () => {
      const stored = async (body, tags) => {
        const answer = await patchPost(json(body));
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual((await world.stored("posts", post.id)).tags, tags);
      };
      await stored('{"tags":["film"],"tags+":"tech"}', ["film", "tech"]);
      await stored('{"tags+":"film","tags-":"tech"}', ["film"]);
      await stored('{"+tags":"tech","tags-":"film"}', ["tech"]);
      answersRefusal(await patchPost(json('{"tags+":"film","tags-":"film"}')), 400, "duplicate_field");
      answersRefusal(await patchPost(json('{"tags+":"film","TAGS+":"tech"}')), 400, "duplicate_field");
    });

    it("refuses fields in the URL", async () => {
      for (const body of [json('{"name":"x"}'), urlencoded("name=x"), form(["name", "x"])]) {
        answersRefusal(await patchUser(body, "?validVerified=true"), 400, "field_in_query");
        answersRefusal(await patchUser(body, "?followers%2B=x"), 400, "field_in_query");
      }
      for (const body of [json('{"title":"x"}'), urlencoded("title=x"), form(["title", "x"])]) {
        answersRefusal(await patchPost(body, `?author=${bob.id}`), 400, "field_in_query");
        answersRefusal(await patchPost(body, "?internal_score=9"), 400, "field_in_query");
      }
      const create = await send(world.url, "POST", `/api/collections/comments/records?author=${bob.id}`, {
        token: ann.token,
        json: { post: post.id, body: "x" },
      });
      answersRefusal(create, 400, "field_in_query");
      await unchanged();
    });

    it("refuses @jsonPayload in the URL", async () => {
      const payload = (fields) => `?${new URLSearchParams({ "@jsonPayload": JSON.stringify(fields) })}`;
      answersRefusal(await patchUser(json('{"name":"x"}'), payload({ validVerified: true })), 400, "field_in_query");
      answersRefusal(await patchUser(form(["name", "x"]), payload({ validVerified: true })), 400, "field_in_query");
      answersRefusal(await patchPost(urlencoded("title=x"), payload({ author: bob.id })), 400, "field_in_query");
      await unchanged();
    });

    it("judges @jsonPayload in a body like any field", async () => {
      answersRefusal(await patchUser(form(["name", "x"], ["@jsonPayload", '{"validVerified":true}'])), 403, "field_forbidden");
      answersRefusal(
        await patchUser(urlencoded(`name=x&${new URLSearchParams({ "@jsonPayload": '{"followers+":"x"}' })}`)),
        403,
        "field_forbidden",
      );
      answersRefusal(
        await patchPost(form(["@jsonPayload", `{"title":"x"}`], ["@jsonPayload", `{"author":"${bob.id}"}`])),
        403,
        "field_forbidden",
      );
      await unchanged();
      const answer = await patchPost(form(["@jsonPayload", '{"title":"After"}'], ["body", "42"]));
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual([answer.json.title, answer.json.body], ["After", "42"]);
      await patchPost(json('{"title":"Before"}'));
    });

    it("takes @jsonPayload in JSON for no source of fields", async () => {
      await patchUser(json(JSON.stringify({ "@jsonPayload": '{"validVerified":true,"name":"x"}' })));
      await patchPost(json(JSON.stringify({ "@jsonPayload": `{"author":"${bob.id}","title":"x"}` })));
      await unchanged();
    });

    it("refuses half of a surrogate pair, which two readers replace in two ways", async () => {
      for (const text of ['"\\ud800"', '"\\udc00"', '"a\\ud800b"', '"\\ud800\\ud800"', '"\\udc00\\ud800"']) {
        answersRefusal(await patchUser(json(`{"name":${text}}`)), 400, "bad_body");
        answersRefusal(await patchPost(json(`{"title":${text}}`)), 400, "bad_body");
      }
      answersRefusal(await patchPost(json('{"title\\ud800":"x"}')), 400, "bad_body");
      answersRefusal(await patchPost(form(["@jsonPayload", '{"title":"\\ud800"}'])), 400, "bad_body");
      await unchanged();
    });

    it("takes whole pairs and stores them as they are", async () => {
      const answer = await patchPost(json('{"title":"\\ud83d\\ude00 \\u0022quoted\\u0022 \\\\"}'));
      assert.equal(answer.json?.title, '😀 "quoted" \\', answer.text);
      assert.equal((await world.stored("posts", post.id)).title, '😀 "quoted" \\');
      await patchPost(json('{"title":"Before"}'));
    });

    it("refuses bytes that are no text", async () => {
      const body = Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      answersRefusal(await patchPost(json(body)), 400, "bad_body");
      await unchanged();
    });

    it("takes an upload under a file field's name alone", async () => {
      const file = new Blob(["x"]);
      for (const key of ["title", "author", "nothing", "image-"]) {
        const body = new FormData();
        body.append(key, file, "x.png");
        answersRefusal(await patchPost({ body }), 400, "upload_not_judged");
      }
      await unchanged();
    });

    it("lets no header stand for a field, a method or a user", async () => {
      const headers = { "X-Hapta-Caller": `users/${ann.id}`, "X-HTTP-Method-Override": "DELETE", X_Hapta_Caller: `users/${ann.id}` };
      const answer = await send(world.url, "PATCH", `/api/collections/posts/records/${post.id}`, { json: { title: "x" }, headers });
      answersRefusal(answer, 403, "ownership_required");
      await unchanged();
    });
  });
