package main

import (
	"bytes"
	"fmt"
	"strings"
)

func renderTypeScript(d *definition) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("// %s\n", notice)
	p("/** Import module of every host function; it is the version of the ABI. */\nexport const MODULE = %q;\n", d.module)
	p("/** Custom section that holds the manifest. */\nexport const MANIFEST_SECTION = %q;", d.manifest)
	for _, e := range d.enums {
		p("\n/** %s is %s. */\nexport const enum %s {", e.name, e.doc, e.name)
		for _, v := range e.values {
			p("  %s = %d,", camel(v.name), v.value)
		}
		p("}")
	}
	p("\n/** Bounds of the ABI; what each counts is in hapta_v1.toml. */\nexport const enum Limit {")
	for _, l := range d.limits {
		p("  %s = %d,", camel(l.name), l.value)
	}
	p("}")
	for _, f := range d.functions {
		p("\n/** %s (%s) */", f.Doc, strings.Join(f.Phases, ", "))
		p("@external(%q, %q)", d.module, f.name)
		p("export declare function %s(%s): %s;", f.name, tsParams(f.Params), tsResult(f.Result))
	}
	return b.Bytes()
}

func tsParams(params []string) string {
	list := make([]string, len(params))
	for i, name := range params {
		list[i] = tsParam(name)
	}
	return strings.Join(list, ", ")
}

// tsParam keeps clear of the names of AssemblyScript's own types.
func tsParam(name string) string {
	switch name {
	case "ptr":
		return "ptr: usize"
	case "number":
		return "value: f64"
	case "bool":
		return "value: i32"
	}
	return name + ": i32"
}

func tsResult(result string) string {
	if result == "" {
		return "void"
	}
	return result
}
