import { Problem } from "./problem.mjs";

/** Says which imports of a module the server would not link. */
export function foreignImports(wasm, file) {
  return WebAssembly.Module.imports(new WebAssembly.Module(wasm))
    .filter(({ module, name }) => module !== "hapta_v1" && !(module === "env" && name === "abort"))
    .map(({ module, name }) => new Problem(
      file,
      `the policy uses ${module}.${name}, which no policy has`,
      null,
      "a policy reaches nothing but what \"hapta\" exports: no network, no files, no random numbers, no console",
    ));
}
