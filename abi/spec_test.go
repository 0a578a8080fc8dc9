package abi

import (
	"os"
	"strings"
	"testing"
)

// The specification is written by hand; what it must not do is leave out
// something that the definition has.
func TestSpecificationNamesEverything(t *testing.T) {
	text, err := os.ReadFile("SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	f := func(kind, name string) {
		t.Helper()
		if !strings.Contains(string(text), name) {
			t.Errorf("SPEC.md does not mention the %s %q", kind, name)
		}
	}
	for _, fn := range Functions {
		f("function", "`"+fn.Name+"(")
	}
	for _, e := range Exports {
		f("export", "`"+e.Name+"`")
	}
	for _, code := range []string{FaultTrapped, FaultOutOfFuel, FaultOutOfMemory, FaultInvalid} {
		f("fault", "`"+code+"`")
	}
	for r := Reason(1); r.Known(); r++ {
		f("reason", "| "+r.String()+" |")
	}
	for r := Root(1); r.Known(); r++ {
		f("root", "| "+r.String()+" |")
	}
	for _, h := range Headers {
		f("header", "`"+h+"`")
	}
}

func TestFunctionNamed(t *testing.T) {
	fn, ok := FunctionNamed("where_number")
	if !ok || len(fn.Params) != 3 || fn.Params[2] != F64 || fn.Result != I32 {
		t.Fatalf("where_number = %+v, %t", fn, ok)
	}
	if !fn.Phases.Has(PhaseFilter) || fn.Phases.Has(PhaseRecord) {
		t.Fatalf("where_number may be called in %b", fn.Phases)
	}
	if _, ok := FunctionNamed("where"); ok {
		t.Fatal("a function that does not exist was found")
	}
}

func TestOperationNamed(t *testing.T) {
	if o, ok := OperationNamed("update"); !ok || o != OperationUpdate || o.String() != "update" {
		t.Fatalf("update = %v, %t", o, ok)
	}
	if o, ok := OperationNamed(""); ok {
		t.Fatalf("an empty name is the operation %v", o)
	}
	if s := Operation(99).String(); s != "operation(99)" {
		t.Fatalf("an unknown operation is written %q", s)
	}
}
