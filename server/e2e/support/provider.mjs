// A real OpenID provider, and somebody who signs in there as a browser would.
import assert from "node:assert/strict";
import { once } from "node:events";
import Provider from "oidc-provider";
import { freePort } from "./ports.mjs";

export const redirect = "http://127.0.0.1:1/done"; // where the app would wait; nobody follows it

/** Starts one whose users are whoever says so, with an address of that name, and sends them back to any of these. */
export async function startProvider(redirects = [redirect]) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const provider = new Provider(url, {
    clients: [{ client_id: "hapta", client_secret: "a secret of the provider's", redirect_uris: redirects }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: `${id} of the provider` }),
    }),
    cookies: { keys: ["a key of the test's"] },
  });
  const sent = []; // what it sends back: { code, state }
  provider.on("authorization.success", (_, answer) => sent.push(answer));
  const server = provider.listen(Number(new URL(url).port), "127.0.0.1");
  await once(server, "listening");
  return { url, sent, stop: () => new Promise((done) => server.close(done)) };
}

/** What PocketBase has to know of it; mode is how it sends back, by a form or, as by default, by the query. */
export const configured = (provider, mode = "query") => ({
  enabled: true,
  mappedFields: { name: "name" },
  providers: [
    {
      name: "oidc",
      clientId: "hapta",
      clientSecret: "a secret of the provider's",
      authURL: `${provider.url}/auth?response_mode=${mode}`,
      tokenURL: `${provider.url}/token`,
      userInfoURL: `${provider.url}/me`,
      pkce: true,
    },
  ],
});

/** Signs in at the provider as this user, and returns the code that the app is given. */
export async function codeFor(user, authURL) {
  const jar = new Map();
  let url = `${authURL}${encodeURIComponent(redirect)}`;
  let form;
  for (let step = 0; step < 20; step++) {
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { Cookie: [...jar].map((pair) => pair.join("=")).join("; ") },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) jar.set(...cookie.split(";")[0].split(/=(.*)/s, 2));
    form = undefined;
    const location = answer.headers.get("location");
    if (location?.startsWith(redirect)) return new URL(location).searchParams.get("code") ?? assert.fail(location);
    if (location) url = new URL(location, url).href;
    else {
      const page = await answer.text();
      const prompt = page.match(/name="prompt" value="(\w+)"/)?.[1] ?? assert.fail(page);
      url = new URL(page.match(/action="([^"]+)"/)[1], url).href;
      form = { prompt, login: user, password: "any" };
    }
  }
  assert.fail("the provider never answers with a code");
}
