// A host in miniature: enough of the ABI to see that compiled policies ask and
// answer as they should. What the server does with them is tested over there.
const kinds = { boolean: 2, number: 3, string: 4 };
const roots = { 1: "caller", 2: "session", 3: "request", 4: "query", 5: "headers", 6: "stored", 7: "incoming" };

/** Runs a policy, in an instance of its own each time: call(export, args, input) returns what it decided. */
export function host(wasm) {
  const names = [], sets = [], codes = [];
  let memory, values, input, outcome, records;

  const text = (ptr, len) => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(memory.buffer, ptr, len));
  const id = (list, item) => list.includes(item) ? list.indexOf(item) + 1 : list.push(item);
  const hold = (value) => value === undefined ? 0 : values.push(value);
  const at = (handle) => handle ? values[handle - 1] : undefined;
  const field = (value, name) => value?.[name];
  const first = (handle, set, wanted) => hold(Object.keys(at(handle) ?? {}).find((key) => sets[set - 1].includes(key) === wanted));
  const has = (value, part) => value !== undefined && part !== undefined && value.includes(part);
  const effect = (list, ...what) => (outcome[list] ??= []).push(what.length === 1 ? what[0] : what);
  const node = (...what) => hold({ node: what });
  const where = (name, how, value) => node(names[name - 1], how, value);

  const hapta_v1 = {
    name: (ptr, len) => id(names, text(ptr, len)),
    name_set: (ptr, count) => sets.push([...new Int32Array(memory.buffer.slice(ptr, ptr + 4 * count))].map((one) => names[one - 1])),
    code: (ptr, len) => id(codes, text(ptr, len)),
    root: (root) => hold(input[roots[root]]),
    get: (handle, name) => hold(field(at(handle), names[name - 1])),
    get_text: (handle, ptr, len) => hold(field(at(handle), text(ptr, len))),
    at: (handle, index) => hold(Object.values(at(handle) ?? [])[index]),
    key: (handle, index) => hold(Object.keys(at(handle) ?? {})[index]),
    relation: (handle, name) => hold(input.relations?.[names[name - 1]]),
    kind: (handle) => {
      const value = at(handle);
      return value === undefined ? 0 : value === null ? 1 : kinds[typeof value] ?? (Array.isArray(value) ? 5 : 6);
    },
    size: (handle) => Object.keys(at(handle) ?? []).length,
    boolean: (handle) => Number(at(handle)),
    number: at,
    integer: (handle) => BigInt(at(handle)),
    read: (handle, ptr, cap) => {
      if (typeof at(handle) !== "string") return -1;
      const bytes = new TextEncoder().encode(at(handle));
      if (bytes.length <= cap) new Uint8Array(memory.buffer).set(bytes, ptr);
      return bytes.length;
    },
    modifier: (handle, name) => input.modifiers?.[names[name - 1]] ?? 0,
    now: () => 1_700_000_000_000n,
    equals: (handle, other) => Number(at(handle) !== undefined && at(handle) === at(other)),
    equals_text: (handle, ptr, len) => Number(at(handle) === text(ptr, len)),
    equals_name: (handle, name) => Number(at(handle) === names[name - 1]),
    compare: (handle, other) => Math.sign(at(handle) < at(other) ? -1 : at(handle) > at(other)),
    contains: (handle, other) => Number(has(at(handle), at(other))),
    contains_text: (handle, ptr, len) => Number(has(at(handle), text(ptr, len))),
    glob: (handle, ptr, len) => Number(new RegExp(`^${text(ptr, len).replaceAll("*", ".*")}$`).test(at(handle) ?? "")),
    blank: (handle) => Number(!String(at(handle) ?? "").trim()),
    first_in: (handle, set) => first(handle, set, true),
    first_not_in: (handle, set) => first(handle, set, false),
    select: (index) => {
      input = { ...input, stored: records[index] };
      outcome.page.push(outcome = { page: outcome.page });
    },
    verdict: (verdict, code, status, ptr, len) => {
      if (outcome.verdict) throw new Error("a second verdict");
      outcome.verdict = [, "allow", "refuse", "hide"][verdict];
      if (code) outcome.code = codes[code - 1];
      if (status) outcome.status = status;
      if (len) outcome.message = text(ptr, len);
    },
    set_null: (name) => effect("set", names[name - 1], null),
    set_bool: (name, value) => effect("set", names[name - 1], Boolean(value)),
    set_number: (name, value) => effect("set", names[name - 1], value),
    set_text: (name, ptr, len) => effect("set", names[name - 1], text(ptr, len)),
    set_value: (name, handle) => effect("set", names[name - 1], at(handle)),
    unset: (name) => effect("unset", names[name - 1]),
    mask: (name) => effect("masks", names[name - 1]),
    where_null: (name, how) => where(name, how, null),
    where_bool: (name, how, value) => where(name, how, Boolean(value)),
    where_number: where,
    where_text: (name, how, ptr, len) => where(name, how, text(ptr, len)),
    where_value: (name, how, handle) => where(name, how, at(handle)),
    all_of: (one, other) => node("and", at(one).node, at(other).node),
    any_of: (one, other) => node("or", at(one).node, at(other).node),
    narrow: (one) => effect("narrow", at(one).node),
    log: (ptr, len) => effect("log", text(ptr, len)),
    panic: (ptr, len) => { throw new Error(text(ptr, len)); },
  };
  const env = { abort: () => { throw new Error("abort"); } };

  const module = new WebAssembly.Module(wasm);
  return {
    call(name, args, given) {
      for (const list of [names, sets, codes]) list.length = 0;
      const { exports } = new WebAssembly.Instance(module, { hapta_v1, env });
      memory = exports.memory;
      exports.hapta_init();
      values = [];
      input = given;
      records = given.records;
      outcome = { page: [] };
      exports[name](...args);
      if (records) return outcome.page.map(({ page, ...one }) => one);
      const { page, ...one } = outcome;
      return one;
    },
  };
}
