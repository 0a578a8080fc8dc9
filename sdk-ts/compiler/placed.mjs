// Where a policy reads a text, the library is told the place, so that it can name
// the author's own line when there is none. It is a constant, and looked at only then.
import { placeAt } from "./problem.mjs";

const READERS = ["~lib/hapta/value/Value#get:text", "~lib/hapta/value/Value#toString"];
const READ = "~lib/hapta/text/read";

/** What is called, and with what, in place of a call that reads a text; null for any other call. */
export function placed(compiler, callee, operands, { range }) {
  if (!READERS.includes(callee.internalName)) return null;
  const { program, resolver } = compiler;
  const { line, column } = placeAt(range.source.text, range.start);
  const place = compiler.ensureStaticString(` at ${range.source.normalizedPath}:${line}:${column}`);
  return { callee: resolver.resolveFunction(program.elementsByName.get(READ), null), operands: [...operands, place] };
}
