// What the demo lacks: collections that no policy decides about, one that shows
// what PocketBase saw of a request, a protected file in one that a policy
// decides about, and batches, which PocketBase has off.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export async function prepareCollections(root) {
  const users = await root.collections.getOne("users");
  await root.collections.create({
    name: "notes",
    type: "base",
    listRule: "",
    viewRule: "",
    createRule: "",
    updateRule: "owner = @request.auth.id",
    deleteRule: null,
    fields: [
      { name: "text", type: "text" },
      { name: "title", type: "text" },
      { name: "body", type: "text" },
      { name: "owner", type: "relation", collectionId: users.id, maxSelect: 1 },
    ],
  });
  await root.collections.create({
    name: "vault",
    type: "base",
    viewRule: "owner = @request.auth.id",
    fields: [
      { name: "owner", type: "relation", collectionId: users.id, maxSelect: 1 },
      { name: "attachment", type: "file", protected: true, maxSelect: 1, maxSize: 1 << 20 },
    ],
  });
  await root.collections.create({ name: "members", type: "auth", listRule: "", viewRule: "id = @request.auth.id" });
  await root.collections.create({
    name: "mirror",
    type: "base",
    fields: [{ name: "seen", type: "text" }],
    listRule: Object.entries(seen)
      .map(([what, rule]) => `(seen = "${what}" && ${rule})`)
      .join(" || "),
  });
  for (const what of Object.keys(seen)) await root.collection("mirror").create({ seen: what });
  const posts = await root.collections.getOne("posts");
  await root.collections.update("posts", {
    fields: [...posts.fields, { name: "attachment", type: "file", protected: true, maxSelect: 1, maxSize: 1 << 20 }],
  });
  await root.settings.update({ batch: { enabled: true, maxRequests: 50, timeout: 3 } });
}

const seen = {
  caller: '@request.headers.x_hapta_caller != ""',
  address: '@request.headers.x_forwarded_for ~ "6.6.6.6"',
  cookie: '@request.headers.cookie != ""',
  custom: '@request.headers.x_custom = "yes"',
  query: '@request.query.q = "yes"',
  body: '@request.body.q = "yes"',
};

/** Hooks of PocketBase's own: one tells in a post's body what it sees of the request that makes the post; others are routes and pages of an app's own. */
export async function addHook(dataDir) {
  await mkdir(join(dataDir, "pb_hooks"), { recursive: true });
  await writeFile(
    join(dataDir, "pb_hooks/tell.pb.js"),
    `
    onRecordCreateRequest((e) => {
      if (e.record.get("title") === "who?") {
        e.record.set("body", JSON.stringify({ caller: e.requestInfo().headers["x_hapta_caller"] ?? "", auth: e.auth ? e.auth.collection().name : "", address: e.realIP() }));
      }
      e.next();
    }, "posts", "notes");
  `,
  );
  await writeFile(
    join(dataDir, "pb_hooks/own.pb.js"),
    `
    routerAdd("POST", "/api/own/login", (e) => {
      const user = e.app.findAuthRecordByEmail("users", e.requestInfo().body.email);
      return $apis.recordAuthResponse(e, user, "");
    });
    routerAdd("POST", "/api/own/token", (e) => e.json(200, { mine: e.auth.newAuthToken() }));
    routerAdd("POST", "/api/own/who", (e) => {
      const { headers, body } = e.requestInfo();
      return e.json(200, { auth: e.auth ? e.auth.id : "", headers, body });
    });
  `,
  );
  await mkdir(join(dataDir, "pb_public"), { recursive: true });
  await writeFile(join(dataDir, "pb_public/index.html"), "<p>home</p>");
  await writeFile(join(dataDir, "pb_public/app.js"), "app();");
}
