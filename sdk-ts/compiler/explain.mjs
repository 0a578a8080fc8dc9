// The compiler says what it could not read; authors need to hear what to write.
import { Problem, placeAt } from "./problem.mjs";
import { suggest } from "./suggest.mjs";

const OWN = 102; // DiagnosticCode.User_defined_0
const ERROR = 3; // DiagnosticCategory.Error

// Several mistakes have these ways out.
const TRY = "try and catch are not there: what is absent answers .exists with false, and anything unexpected ends the call and refuses";
const SPREAD = "spread is not there: use concat(), or push() in a loop";
const DESTRUCTURING = "destructuring is not there: const stored = c.stored;";

const FIELDS = "spread is not there: name the fields of an object one by one";
const TYPE_IMPORTS = "import types like all else: import { Update, Verdict } from \"hapta\";";

// The first that fits counts: `says` is asked of the message, `at` of the source
// from the place on, `around` of it from two characters before, `before` of it up
// to the place.
const HINTS = [
  { says: /Closures/, remedy: "a function inside another cannot use the variables around it: write a loop, or pass what it needs as parameters" },
  { says: /Iterators/, remedy: "for..of is not there: for (let i = 0; i < list.length; i++) { const item = list[i]; … }" },
  { says: /Exceptions/, remedy: TRY },
  { says: /'\(' expected/, at: /^catch\b/, remedy: TRY },
  { says: /Regular expressions/, remedy: `regular expressions are not there: .matches("*@example.com") of a value knows * and ?` },
  { says: /Spread operator/, remedy: SPREAD },
  { says: /arguments, but got/, at: /^[\w.]+\([^()]*\.\.\./, remedy: SPREAD },
  { says: /^Identifier expected/, at: /^[{,]\s*\.\.\./, remedy: FIELDS },
  { says: /union types/, remedy: "a type is one type: Value holds whatever the server has, and a class may be null as Type | null" },
  { says: /Const assertion/, remedy: "leave out `as const`: a const of a literal is one already" },
  { says: /name '(any|unknown|object|never)'/, remedy: "every type has to be known: Value for what the server holds, or string, bool, i32, f64, or a class of your own" },
  { says: /name 'undefined'/, remedy: "what is not there is a value that answers .exists with false; a class may be null" },
  { says: /name '(fetch|require|setTimeout|setInterval|window|Buffer|Promise|Intl|structuredClone)'/, remedy: "a policy reaches nothing outside of it: it has what \"hapta\" exports and the standard library of AssemblyScript" },
  { around: /^.?\?\./, remedy: "optional chaining is not needed: c.stored.get(\"a\").get(\"b\") is absent when any part is, and .exists tells" },
  { around: /^.?\?\?/, remedy: "?? is not there: a.exists ? a.text : \"…\"" },
  { around: /^.?(\|\||&&)=/, remedy: "write the assignment out: a = a || b" },
  { at: /^(const|let|var)\s*[{[]/, remedy: DESTRUCTURING },
  { at: /^(\{[^{}]*\}|\[[^[\]]*\])\s*=[^=]/, remedy: DESTRUCTURING },
  { says: /^Identifier expected/, at: /^[(,]\s*[{[]/, remedy: DESTRUCTURING },
  { at: /^\w+\s+in\b/, remedy: "for..in is not there: for (let i = 0; i < value.size; i++) { const name = value.key(i); … }" },
  { at: /^(export\s+)?(default\s+)?(async|await)\b/, remedy: "async and await are not there: nothing waits in a policy, every value is at hand" },
  { at: /^function\s*\*|^\*/, remedy: "generators are not there: build an array, or loop" },
  { says: /^Type '<object>'/, remedy: "an object has to be of a class: class Point { x: i32 = 0; } and const point: Point = { x: 1 };" },
  { says: /operator overload '[=!]=/, remedy: "compare a value with .equals(\"…\")" },
  { says: /cannot be applied to types? '?(Value|Record)/, remedy: "a value is compared with .equals(…) and .compare(value), or read first: .number, .integer, .text, .bool" },
  { says: /does not exist on type '(Record|Incoming|Value)'/, remedy: "a field is read with .get(\"name\")" },
  { says: /Index signature is missing in type '(Record|Incoming|Value)'/, remedy: "a field is read with .get(\"name\"), an item of a list with .at(0)" },
  { says: /'(Value|Record)' is not assignable to type '(bool|string|i32|f64|i64)'/, remedy: "read it first: .isTrue, .text, .number, .integer, .bool" },
  { says: /'(Condition|Where)' is not assignable to type 'bool'|applied to types .*'Condition'/, remedy: "the database alone can answer it: join conditions with .and(…) and .or(…), and pass them to c.narrow(…)" },
  { says: /'void' is not assignable to type 'Verdict'/, remedy: "every way out of a handler returns a verdict: allow(), refuse(…) or hide()" },
  { says: /Type argument expected/, at: /^(Map|Set)?/, remedy: "name the types: new Map<string, i32>(), new Set<string>()" },
  { says: /^Type expected/, before: /\b(let|var|const)\s+\w+\s*$/, remedy: "a variable has a type or a value to begin with: let name: string; or let name = \"\";" },
  { says: /^Type expected/, before: /\)$/, remedy: "what a function answers stands behind its parameters: ): Verdict {, or ): void { when it answers nothing" },
  { says: /^Type expected/, remedy: "every parameter has a type: (c: Update, name: string)" },
  { says: /Optional properties/, remedy: "give the property a type that may be null, and a value: a: string | null = null;" },
  { says: /'from' expected/, at: /^type\b/, remedy: TYPE_IMPORTS },
  { at: /^type\s/, before: /\bimport\s*\{[^}]*$/, remedy: TYPE_IMPORTS },
  { before: /\bexport\s+default\s*\{[^}]*$/, remedy: "handlers are exported one by one: export function create(c: Create): Verdict { … }" },
  { says: /immediately follow a numeric literal/, at: /^n\b/, remedy: "numbers have no n: const big: i64 = 10;" },
  { at: /^satisfies\b/, remedy: "satisfies is not there: give the variable its type, const name: string = …;" },
  { says: /^File '~lib\/.*not found/, remedy: "a policy imports \"hapta\" and files beside it, like \"./shared\"; packages are not there" },
  { says: /^Module 'hapta' has no/, remedy: "what \"hapta\" exports stands in its README" },
];

/**
 * A diagnostic of the compiler as a Problem, or null when it is none; `texts` holds the sources,
 * `shown` names them, and `program` is what the compiler made of them, or null when it could not.
 */
export function explain({ message, code, category, range }, shown, texts, program) {
  if (category !== ERROR) return null;
  const file = range?.source?.normalizedPath;
  const text = texts.get(file);
  const said = code === OWN ? message.replace(/^User-defined: /, "").replace(/^"([^"]*)"$/, "$1") : plain(message);
  if (text === undefined) return new Problem(shown(texts.keys().next().value ?? ""), said);

  const place = placeAt(text, range.start);
  if (code === OWN) return new Problem(shown(file), said, place);
  const remedy = (program && suggest(message, program)) || remedyOf(said, text, range.start);
  const problem = new Problem(shown(file), said, place, remedy);
  problem.isSyntax = code >= 1000 && code < 2000; // as TypeScript numbers them
  return problem;
}

function remedyOf(said, text, start) {
  const at = text.slice(start, start + 200);
  const around = text.slice(Math.max(0, start - 2), start + 200);
  const before = text.slice(Math.max(0, start - 200), start);
  return HINTS.find((one) =>
    (!one.says || one.says.test(said)) && (!one.at || one.at.test(at)) &&
    (!one.around || one.around.test(around)) && (!one.before || one.before.test(before)))?.remedy;
}

// '~lib/hapta/value/Value' is Value to whoever wrote the policy.
function plain(message) {
  return message
    .replaceAll("~lib/string/String", "string")
    .replaceAll("'~lib/hapta'", "'hapta'")
    .replace(/~lib\/[\w/]+\/([A-Z]\w*)/g, "$1");
}
