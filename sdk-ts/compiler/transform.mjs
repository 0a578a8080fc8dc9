// What is done to a policy between AssemblyScript's steps: its manifest is taken
// out, its handlers are found, mistakes are named, and the exports of the ABI
// are written around it.
import { DiagnosticCode } from "assemblyscript";
import { checkDeclared } from "./declared.mjs";
import { writeEntry } from "./entry.mjs";
import { findHandlers } from "./handlers.mjs";
import { lint } from "./lint.mjs";
import { namesIn } from "./literals.mjs";
import { takeManifest } from "./manifest.mjs";
import { checkSpelling } from "./spelling.mjs";

const USER = 0; // SourceKind.User: one whose exports are its own affair
const RECORD = ["id", "collectionId", "collectionName"]; // what every record has
const ENTRY = "hapta exports.ts"; // a name that no policy can have

/**
 * A transform for asc that makes a policy of the entry file; `manifest`, and
 * `program`, which has the library's names, are filled in as it runs. The schema is
 * the collection's, or null.
 */
export function policyTransform({ entry, name }, schema) {
  return {
    manifest: null,
    program: null,

    afterParse(parser) {
      const report = (range, message) => parser.error(DiagnosticCode.User_defined_0, range, message);
      const sources = parser.sources.filter((source) => !source.isLibrary);
      const policy = sources.find((source) => source.normalizedPath === entry);

      const written = takeManifest(policy, schema, report);
      const { handlers, isFaulty } = findHandlers(policy, report);
      if (!handlers.length && !isFaulty) {
        report(policy.range.atStart, "this policy exports no handler: export list, view, create, update or remove");
      }
      for (const source of sources) {
        lint(source, report);
        checkDeclared(source, sources, written, report);
        checkSpelling(source, sources, schema, report);
      }

      const { codes, writes, masks, relations } = written;
      const names = new Set([...RECORD, ...writes, ...masks, ...relations, ...sources.flatMap(namesIn)]);
      policy.sourceKind = USER;
      parser.parseFile(writeEntry(policy, handlers, [...names], codes), ENTRY, true);
      this.manifest = { name, operations: handlers.map((handler) => handler.operation), ...written };
    },

    afterInitialize(program) {
      this.program = program;
    },

    afterCompile(module) {
      const json = JSON.stringify(this.manifest);
      module.addCustomSection("hapta_manifest", new TextEncoder().encode(json));
    },
  };
}
