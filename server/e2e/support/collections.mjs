// What the demo lacks: collections that no policy decides about, a protected
// file in one that a policy does, and batches, which PocketBase has off.

export async function prepareCollections(root) {
  const users = await root.collections.getOne("users");
  await root.collections.create({
    name: "notes", type: "base", listRule: "", viewRule: "", createRule: "", updateRule: "owner = @request.auth.id", deleteRule: null,
    fields: [
      { name: "text", type: "text" },
      { name: "owner", type: "relation", collectionId: users.id, maxSelect: 1 },
    ],
  });
  await root.collections.create({
    name: "vault", type: "base", viewRule: "owner = @request.auth.id",
    fields: [
      { name: "owner", type: "relation", collectionId: users.id, maxSelect: 1 },
      { name: "attachment", type: "file", protected: true, maxSelect: 1, maxSize: 1 << 20 },
    ],
  });
  await root.collections.create({ name: "members", type: "auth", listRule: "", viewRule: "id = @request.auth.id" });
  const posts = await root.collections.getOne("posts");
  await root.collections.update("posts", {
    fields: [...posts.fields, { name: "attachment", type: "file", protected: true, maxSelect: 1, maxSize: 1 << 20 }],
  });
  await root.settings.update({ batch: { enabled: true, maxRequests: 50, timeout: 3 } });
}
