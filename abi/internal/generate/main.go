// Command generate writes the constants of the policy ABI for Go, TypeScript
// and Rust from abi/hapta_v1.toml. It runs in the folder abi.
package main

import (
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if err := run("."); err != nil {
		log.Fatal("generate: ", err)
	}
}

func run(abi string) error {
	files, err := render(filepath.Join(abi, "hapta_v1.toml"))
	if err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(abi, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render returns the generated files by their path relative to the folder abi.
func render(path string) (map[string][]byte, error) {
	d, err := load(path)
	if err != nil {
		return nil, err
	}
	golang, err := renderGo(d)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"abi_gen.go":                golang,
		"../sdk-ts/assembly/abi.ts": renderTypeScript(d),
		"../sdk-rust/src/abi.rs":    renderRust(d),
	}, nil
}
