import assert from "node:assert/strict";
import { test } from "node:test";
import { refused } from "./compiled.mjs";

/** A test that a source does not compile: where its problems are, what the first says, and the way out it names. */
export function mistake(name, source, place, message, remedy = /^/) {
  test(name, async () => {
    const problems = await refused(source);
    assert.deepEqual(problems.map((one) => one.place), [place].flat(), JSON.stringify(problems, null, 2));
    assert.match(problems[0].message, message);
    assert.match(problems[0].remedy, remedy);
  });
}
