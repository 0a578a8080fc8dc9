// What the links in PocketBase's mails mean, and what is asked of the server for
// them. Nothing here touches the page.

/** Reads what follows # in an address: { kind, token, email, collection }. */
export function readLink(hash) {
  const [, name, token = ""] = /^#\/auth\/([a-z0-9-]+)(?:\/([^/?]+))?/.exec(hash) ?? [];
  if (name === "oauth2-redirect-success" || name === "oauth2-redirect-failure") return { kind: name };
  const claims = readClaims(token);
  const email = name === "confirm-email-change" ? claims.newEmail : claims.email;
  if (!kinds.has(name) || typeof email !== "string" || typeof claims.collectionId !== "string") return { kind: "unknown" };
  return { kind: name, token, email, collection: claims.collectionId };
}

const kinds = new Set(["confirm-password-reset", "confirm-verification", "confirm-email-change"]);

// The server alone can tell whether a token holds; this is for showing it.
function readClaims(token) {
  try {
    const bytes = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))) ?? {};
  } catch {
    return {};
  }
}

/** Asks the server to do what the link is for. Resolves to what went wrong, field by field; {} for nothing. */
export function confirm(link, fields = {}, base = "..") {
  return post(base, link, link.kind, { token: link.token, ...fields });
}

/** Asks for another mail to verify the address. */
export function resend(link, base = "..") {
  return post(base, link, "request-verification", { email: link.email });
}

async function post(base, { collection }, action, body) {
  let answer;
  try {
    answer = await fetch(`${base}/api/collections/${encodeURIComponent(collection)}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
    });
  } catch {
    return { form: "The server cannot be reached. Check your connection and try again." };
  }
  return answer.ok ? {} : wrongs(answer.status, await answer.json().catch(() => ({})));
}

function wrongs(status, { data = {}, message }) {
  if (data?.token || status === 404) return { token: "This link is no longer valid. It may have been used already, or is too old." };
  if (status === 429) return { form: "That was too often. Wait a moment and try again." };
  const found = Object.fromEntries(
    Object.entries(data ?? {})
      .filter(([name, wrong]) => fields.has(name) && typeof wrong?.message === "string")
      .map(([name, wrong]) => [name, wrong.message]),
  );
  if (Object.keys(found).length > 0) return found;
  return { form: status < 500 ? (data?.hapta?.message ?? message ?? "This did not work.") : "The server has a problem. Try again later." };
}

const fields = new Set(["password", "passwordConfirm"]);
