// Editors run TypeScript's own checker: it must find nothing in a right policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const policies = fileURLToPath(new URL("../../policies/", import.meta.url));

test("the demo policies are right in an editor's eyes", () => {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${policies}tsconfig.json`, ts.sys.readFile).config, ts.sys, policies);
  assert.ok(fileNames.length >= 2);
  const program = ts.createProgram(fileNames, options);
  for (const name of fileNames) {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    assert.deepEqual(found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n")), []);
  }
});
