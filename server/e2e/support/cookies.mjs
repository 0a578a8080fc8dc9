// A browser as far as an app's cookie goes: it keeps what came last.
import assert from "node:assert/strict";
import { eventually } from "./wait.mjs";
import { claims } from "./token.mjs";

export class CookieKeeper {
  constructor(app, path, cookie) {
    Object.assign(this, { app, path, cookie: cookie.split(";")[0], seen: new Set() });
  }

  /** Another who has the same cookie. */
  copy() {
    return new CookieKeeper(this.app, this.path, this.cookie);
  }

  get token() {
    return JSON.parse(decodeURIComponent(this.cookie.split("=")[1])).token;
  }
  get generation() {
    return claims(this.token).gen;
  }

  /** Loads the page, and does not keep its cookie yet. */
  async ask(signal) {
    if (this.token) this.seen.add(this.token);
    const answer = await fetch(this.app.url + this.path, { headers: { cookie: `theme=dark; ${this.cookie}` }, signal });
    assert.equal(answer.status, 200, await answer.clone().text());
    return { page: await answer.json(), cookie: answer.headers.getSetCookie().at(0) };
  }

  keep({ cookie }) {
    if (cookie) this.cookie = cookie.split(";")[0];
  }

  async load() {
    const answer = await this.ask();
    this.keep(answer);
    return answer.page;
  }

  /** Leaves the page once Hapta has answered the app, and before the app could answer. Returns what it rendered all the same. */
  async leave() {
    const [leaving, before] = [new AbortController(), this.app.rendered.length];
    this.app.between.refreshed = () => leaving.abort();
    await assert.rejects(this.ask(leaving.signal), { name: "AbortError" });
    await eventually(() => this.app.running === 0 && this.app.rendered.length > before, "the page was never rendered");
    this.app.between.refreshed = () => {};
    return this.app.rendered.at(-1);
  }
}
