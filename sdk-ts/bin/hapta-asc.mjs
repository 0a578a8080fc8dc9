#!/usr/bin/env node
// hapta-asc SOURCE.ts -o OUT.wasm: compiles a policy.
import { rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { compile } from "../compiler/compile.mjs";

const usage = "usage: hapta-asc SOURCE.ts -o OUT.wasm (SOURCE may be a folder with an index.ts)";

async function main() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { output: { type: "string", short: "o" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    return fail(2, `${error.message}\n${usage}`);
  }
  const { values, positionals: [source, ...others] } = parsed;
  if (values.help) return console.log(usage);
  if (!source || others.length || !values.output) return fail(2, usage);

  const { wasm, problems } = await compile(source);
  if (!wasm) return fail(2, problems.join("\n\n"));

  // A server may be watching the folder: it sees the whole file or the old one.
  const unfinished = `${values.output}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, wasm);
    await rename(unfinished, values.output);
  } catch (error) {
    return fail(1, `cannot write ${values.output}: ${error.message}`);
  }
}

function fail(status, message) {
  console.error(message);
  process.exitCode = status;
}

await main();
