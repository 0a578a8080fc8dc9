// What answers have to look like: status, code and PocketBase's shape, not the
// status alone.
import assert from "node:assert/strict";

/** The call of the official client is refused with this status and code of Hapta's. Returns the sentence. */
export async function refused(call, status, code) {
  const error = await failure(call);
  assert.equal(error.response?.data?.hapta?.code, code, describe(error));
  assert.equal(error.status, status, describe(error));
  shaped(error.response, status);
  const { message } = error.response.data.hapta;
  assert.ok(message.length > 0 && message.length < 1000, describe(error));
  return message;
}

/** Not there, and nothing tells whether it exists. */
export async function notFound(call) {
  const error = await failure(call);
  assert.equal(error.status, 404, describe(error));
  assert.deepEqual(error.response.data, {}, describe(error));
  shaped(error.response, 404);
}

/** An error of PocketBase's own: no code of Hapta's. */
export async function refusedByPocketBase(call, status) {
  const error = await failure(call);
  assert.equal(error.status, status, describe(error));
  assert.equal(error.response.data?.hapta, undefined, describe(error));
}

async function failure(call) {
  const error = await call.then(
    (value) => assert.fail(`it was allowed: ${JSON.stringify(value)}`),
    (e) => e,
  );
  if (error.name !== "ClientResponseError 0" && error.response === undefined) throw error;
  return error;
}

const describe = (error) => `${error.url} answered ${error.status} ${JSON.stringify(error.response)} ${error.originalError ?? ""}`;

function shaped(body, status) {
  assert.equal(body.status, status);
  assert.equal(typeof body.message, "string");
  assert.deepEqual(Object.keys(body).sort(), ["data", "message", "status"]);
}

/** As refused, for an answer of send. */
export function answersRefusal(answer, status, code) {
  assert.equal(answer.json?.data?.hapta?.code, code, `${answer.status} ${answer.text}`);
  assert.equal(answer.status, status, answer.text);
  shaped(answer.json, status);
  return answer.json.data.hapta.message;
}

/** The field is not there at all: neither with a value nor as null. */
export function lacks(record, ...fields) {
  for (const field of fields) assert.ok(!(field in record), `${field} leaked: ${JSON.stringify(record)}`);
}

export function holds(record, ...fields) {
  for (const field of fields) assert.ok(field in record, `${field} is missing: ${JSON.stringify(record)}`);
}
