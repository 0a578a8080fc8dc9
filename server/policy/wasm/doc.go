// Package wasm decodes, validates and rewrites WebAssembly modules before
// anything else sees them.
//
// Inspect reads a whole module and refuses whatever is damaged, oversized or
// outside the features that policies may use. It is a complete validator: the
// operand types of every function are checked too, so the module it accepts
// needs no second opinion before it is rewritten. Module.Instrument writes the
// module anew without its custom sections, with its work charged to a fuel
// counter, its recursion bounded and all its mutable globals exported, so that
// the host can put every one of them back after a call.
//
// The package knows WebAssembly only. It must not import the engine that runs
// the modules, nor know what policies import and export.
package wasm
