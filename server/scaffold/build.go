package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Build compiles sources to modules beside them: files in TypeScript or Rust, or
// folders with an index.ts, a Cargo.toml or a src/lib.rs. What the compilers say
// goes to out as it is; the error says which sources do not compile. A module is
// replaced as a whole, for a server may watch the folder.
func Build(ctx context.Context, sources []string, out io.Writer) error {
	var failed []error
	for _, path := range sources {
		err := build(ctx, path, out)
		if ctx.Err() != nil {
			return ctx.Err() // whatever a compiler says of being stopped
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func build(ctx context.Context, path string, out io.Writer) error {
	s, ok := sourceAt(path)
	if !ok {
		return mistaken("there is no source %s: name a .ts or .rs file, or a folder with index.ts, Cargo.toml or src/lib.rs", path)
	}
	if rival := s.rival(); rival != "" {
		return mistaken("%s and %s would both become %s; keep one", s.path, rival, s.module())
	}
	sdk, err := findSDK(filepath.Dir(filepath.Clean(s.path)), s.language)
	if err != nil {
		return err
	}
	if _, err := sdk.refresh(); err != nil {
		return err
	}
	compile := compileRust
	if s.language == typeScript {
		compile = compileTypeScript
	}
	if err := compile(ctx, sdk, s, out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s → %s\n", s.path, s.module())
	return err
}
