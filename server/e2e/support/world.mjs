// What every scenario runs in: Hapta before the demo's collections, and the
// same PocketBase seen as its superuser, which is how tests arrange things and
// find out what is really stored.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import PocketBase from "pocketbase";
import { eventually } from "./wait.mjs";

export const superuser = { email: "root@example.com", password: "e2e-superuser" };
export const credentials = { ADMIN_EMAIL: superuser.email, ADMIN_PASSWORD: superuser.password };
export const password = "e2e-password";

export class World {
  /** what: embedded or remote; servers: what to stop at the end, in order. */
  constructor(what, hapta, databaseURL, root, servers) {
    Object.assign(this, { what, hapta, databaseURL, root, servers });
  }

  get url() {
    return this.hapta.url;
  }

  /** The official client, signed out. */
  guest() {
    return client(this.url);
  }

  /** A fresh user, signed in through Hapta: { client, id, email, password, token }. */
  async user(fields = {}) {
    const account = await newUser(this.root, fields);
    const signedIn = await signIn(this.url, account);
    return { ...account, client: signedIn, token: signedIn.authStore.token };
  }

  post(author, fields = {}) {
    return this.root.collection("posts").create({ title: unique("post"), published: true, author: author.id, ...fields });
  }

  comment(author, post, fields = {}) {
    return this.root.collection("comments").create({ body: unique("comment"), author: author.id, post: post.id, ...fields });
  }

  /** What is stored, hidden fields included. */
  stored(collection, id) {
    return this.root.collection(collection).getOne(id);
  }

  async isGone(collection, id) {
    await assert.rejects(this.stored(collection, id), { status: 404 });
  }

  async collectionId(name) {
    return (await this.root.collections.getOne(name)).id;
  }

  async stop() {
    for (const server of this.servers) await server.stop();
  }
}

export function client(url) {
  return new PocketBase(url).autoCancellation(false);
}

export async function superuserOf(databaseURL) {
  const root = client(databaseURL);
  await eventually(
    () =>
      root
        .collection("_superusers")
        .authWithPassword(superuser.email, superuser.password)
        .catch((error) => {
          if (error.status !== 0) throw error;
        }),
    `${databaseURL} does not answer`,
  );
  return root;
}

export const unique = (what) => `${what}-${randomUUID().slice(0, 8)}`;

export async function newUser(root, fields = {}) {
  const account = { email: `${unique("user")}@example.com`, password };
  const record = await root
    .collection("users")
    .create({ ...account, passwordConfirm: password, name: "Someone", username: unique("u").replace("-", ""), ...fields });
  return { ...account, id: record.id };
}

export async function signIn(url, { email, password }) {
  const signedIn = client(url);
  await signedIn.collection("users").authWithPassword(email, password);
  return signedIn;
}
