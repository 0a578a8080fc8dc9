// Writes the module that the server calls: the exports of the ABI, and the names
// and codes that are made known when the policy starts.

const PHASES = [
  { phase: "before", handlers: ["create", "update", "remove"] },
  { phase: "filter", handlers: ["list"] },
  { phase: "record", handlers: ["view"] },
];

/** The source of the entry module around a policy. */
export function writeEntry(policy, handlers, names, codes) {
  const own = `./${policy.normalizedPath.replace(/\.ts$/, "")}`;
  const lines = [`import * as hapta from "hapta/entry";`];
  if (handlers.length) lines.push(`import { ${handlers.map(({ handler }) => handler).join(", ")} } from ${JSON.stringify(own)};`);
  lines.push(`hapta.learn(${JSON.stringify(names)}, ${JSON.stringify(codes)});`);

  for (const { phase, handlers: known } of PHASES) {
    const handled = handlers.filter(({ handler }) => known.includes(handler));
    if (handled.length) lines.push(phaseExport(phase, handled));
  }
  if (handlers.some(({ handler }) => handler === "view")) lines.push(pageExport);
  return lines.join("\n");
}

function phaseExport(phase, handled) {
  const lines = handled.map(({ handler, type }) =>
    `  if (operation == hapta.Operation.${type}) hapta.decide(${handler}(changetype<hapta.${type}>(0)));`);
  return `export function hapta_${phase}(operation: i32, reason: i32): void {
  hapta.begin(reason);
${lines.join("\n")}
}`;
}

const pageExport = `export function hapta_page(operation: i32, reason: i32, count: i32): void {
  if (operation != hapta.Operation.View) return;
  hapta.begin(reason);
  for (let i = 0; i < count; i++) {
    hapta.turnTo(i);
    hapta.decide(view(changetype<hapta.View>(0)));
  }
}`;
