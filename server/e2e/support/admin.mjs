// The operator's API.
import { eventually } from "./wait.mjs";
import { send } from "./send.mjs";

export const adminKey = "e2e-admin-key-of-thirty-two-bytes-and-more";
const headers = { "X-Hapta-Admin-Key": adminKey };

/** What stands in force: { collection: { policy, version, authority, closed } }. */
export async function inForce(url) {
  const { json } = await send(url, "GET", "/api/hapta/admin/policies", { headers });
  return Object.fromEntries(json.policies.map((entry) => [entry.collection, entry]));
}

export const versionInForce = (url, collection, version) =>
  eventually(async () => (await inForce(url))[collection].version === version, `${version} of ${collection} never came into force`);

export const closed = (url, collection, code) =>
  eventually(async () => (await inForce(url))[collection].closed === code, `${collection} was never closed with ${code}`);

export const removePolicy = (url, collection, options = { headers }) =>
  send(url, "DELETE", `/api/hapta/admin/policies/${collection}`, options);

/** The sessions of a user, the newest first. */
export async function sessionsOf(url, collection, record) {
  const { json } = await send(url, "GET", `/api/hapta/admin/sessions?${new URLSearchParams({ collection, record })}`, { headers });
  return json.items;
}
