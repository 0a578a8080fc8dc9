package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := render("../../hapta_v1.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run `go generate ./abi`", name)
		}
	}
}

func TestDefinitionIsSound(t *testing.T) {
	d, err := load("../../hapta_v1.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.enums {
		names, values := map[string]bool{}, map[int64]bool{}
		for _, v := range e.values {
			if names[v.name] || values[v.value] {
				t.Errorf("%s: %s = %d is there twice", e.name, v.name, v.value)
			}
			names[v.name], values[v.value] = true, true
		}
	}
	phases := map[string]bool{}
	for _, p := range d.enums[0].values {
		phases[p.name] = true
	}
	for _, f := range d.functions {
		for _, p := range f.Phases {
			if !phases[p] {
				t.Errorf("function %s: there is no phase %q", f.name, p)
			}
		}
		if len(f.Phases) == 0 || f.Doc == "" {
			t.Errorf("function %s: phases and doc are needed", f.name)
		}
	}
}
