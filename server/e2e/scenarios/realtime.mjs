import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { EventSource } from "eventsource";
import { answersRefusal, refused } from "../support/expect.mjs";
import { send } from "../support/send.mjs";
import { openStream } from "../support/stream.mjs";
import { eventually } from "../support/wait.mjs";
import { unique } from "../support/world.mjs";

export default (world) =>
  describe("realtime", () => {
    let ann;
    before(async () => {
      globalThis.EventSource = EventSource; // node has none; the official client takes it from here
      ann = await world.user();
    });

    it("brings what happens where no policy decides", async () => {
      const seen = [],
        client = ann.client,
        text = unique("event");
      const unsubscribe = await client.collection("notes").subscribe("*", (event) => seen.push(event));
      const { id } = await client.collection("notes").create({ text, owner: ann.id });
      await eventually(
        () => seen.some((event) => event.action === "create" && event.record.id === id && event.record.text === text),
        "no event came",
      );
      await unsubscribe();
    });

    it("refuses topics that a policy decides", async () => {
      for (const name of ["posts", "users", "comments", "PoStS", await world.collectionId("posts")]) {
        const client = world.guest();
        await refused(
          client.collection(name).subscribe("*", () => {}),
          403,
          "topic_not_judged",
        );
        await refused(
          client.collection(name).subscribe("someid000000000", () => {}),
          403,
          "topic_not_judged",
        );
        client.realtime.unsubscribe();
      }
    });

    describe("byte by byte", () => {
      let stream;
      before(async () => {
        stream = await openStream(world.url);
      });
      after(() => stream.close());
      const subscribe = (subscriptions, fields = {}) =>
        send(world.url, "POST", "/api/realtime", { token: ann.token, json: { clientId: stream.clientId, subscriptions, ...fields } });

      it("refuses a set of topics whole", async () => {
        answersRefusal(await subscribe(["notes/*", "posts/*"]), 403, "topic_not_judged");
        answersRefusal(await subscribe(["posts"]), 403, "topic_not_judged");
        answersRefusal(await subscribe(['posts/*?options={"query":{}}']), 403, "topic_not_judged");
        answersRefusal(await subscribe(["posts?x=/y"]), 403, "topic_not_judged");
      });

      it("refuses options that cross into a policy's collection", async () => {
        const options = (query) => `notes/*?options=${encodeURIComponent(JSON.stringify({ query }))}`;
        answersRefusal(await subscribe([options({ expand: "owner" })]), 400, "expand_refused");
        answersRefusal(await subscribe([options({ filter: 'owner.name = "x"' })]), 400, "crosses_policy");
      });

      it("takes the topic that OAuth2 signs in by, and no others with it that are refused", async () => {
        answersRefusal(await subscribe(["@oauth2", "posts/*"]), 403, "topic_not_judged");
        assert.equal((await subscribe(["@oauth2"])).status, 204);
      });

      it("knows no superusers", async () => {
        for (const name of ["_superusers", "_SUPERUSERS", await world.collectionId("_superusers")]) {
          const answer = await subscribe([`${name}/*`]);
          assert.equal(answer.status, 404, `${name}: ${answer.status} ${answer.text}`);
        }
      });

      it("takes no topics in the URL or under other names", async () => {
        const inURL = await send(
          world.url,
          "POST",
          `/api/realtime?${new URLSearchParams({ "@jsonPayload": JSON.stringify({ clientId: stream.clientId, subscriptions: ["posts/*"] }) })}`,
          { token: ann.token, json: { clientId: stream.clientId, subscriptions: [] } },
        );
        const form = new FormData();
        form.set("clientId", stream.clientId);
        form.append("subscriptions", "posts/*");
        const inForm = await send(world.url, "POST", "/api/realtime", { token: ann.token, body: form });
        const folded = await send(world.url, "POST", "/api/realtime", {
          token: ann.token,
          json: { clientId: stream.clientId, Subscriptions: ["posts/*"] },
        });
        answersRefusal(inForm, 400, "bad_body");
        answersRefusal(folded, 403, "topic_not_judged");
        await world.post(ann);
        const came = await marked();
        assert.ok(!came.includes("event:posts"), `${inURL.status}, and an event of posts came: ${came}`);
      });

      // What came on the stream up to an event that is known to come.
      async function marked() {
        const text = unique("marker");
        assert.equal((await subscribe(["notes/*"])).status, 204);
        await world.root.collection("notes").create({ text });
        return eventually(() => stream.text().includes(text) && stream.text(), "the marker never came");
      }
    });
  });
