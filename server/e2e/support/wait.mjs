// Waiting with an end: for a promise, or for something to become true.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** The promise's value, or a failure that says what hung. */
export async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new assert.AssertionError({ message: typeof what === "function" ? what() : what })), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is truthy, and returns it. */
export async function eventually(ask, what = "it never happened", milliseconds = 20_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) assert.fail(typeof what === "function" ? what() : what);
    await pause(25);
  }
}

/** Asks for as long as given; every answer has to be truthy. */
export async function throughout(milliseconds, ask, what) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    assert.ok(await ask(), what);
    await pause(25);
  }
}
