package main

import (
	"bytes"
	"fmt"
	"strings"
)

func renderRust(d *definition) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("// %s\n", notice)
	p("/// Import module of every host function; it is the version of the ABI.\npub const MODULE: &str = %q;\n", d.module)
	p("/// Custom section that holds the manifest.\npub const MANIFEST_SECTION: &str = %q;", d.manifest)
	for _, e := range d.enums {
		p("\n/// %s: %s.\npub mod %s {", e.name, e.doc, strings.ToLower(e.name))
		for _, v := range e.values {
			p("    pub const %s: i32 = %d;", strings.ToUpper(v.name), v.value)
		}
		p("}")
	}
	p("\n/// Bounds of the ABI; what each counts is in hapta_v1.toml.\npub mod limit {")
	for _, l := range d.limits {
		p("    pub const %s: i32 = %d;", strings.ToUpper(l.name), l.value)
	}
	p("}\n\n#[cfg(target_arch = \"wasm32\")]\n#[link(wasm_import_module = %q)]\nextern \"C\" {", d.module)
	for _, f := range d.functions {
		p("    /// %s (%s)", f.Doc, strings.Join(f.Phases, ", "))
		p("    pub fn %s(%s)%s;", f.name, rustParams(f), rustResult(f.Result))
	}
	p("}")
	return b.Bytes()
}

func rustParams(f function) string {
	list := make([]string, len(f.Params))
	for i, name := range f.Params {
		switch {
		case name == "ptr" && f.name == "read":
			list[i] = "ptr: *mut u8"
		case name == "ptr" && f.name == "name_set":
			list[i] = "ptr: *const i32"
		case name == "ptr":
			list[i] = "ptr: *const u8"
		case name == "len" || name == "cap":
			list[i] = name + ": usize"
		case name == "number":
			list[i] = "value: f64"
		case name == "bool":
			list[i] = "value: i32"
		default:
			list[i] = name + ": i32"
		}
	}
	return strings.Join(list, ", ")
}

func rustResult(result string) string {
	if result == "" {
		return ""
	}
	return " -> " + result
}
