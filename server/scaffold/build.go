package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Loads tells why a server would not load a module; nil when it would.
type Loads func(ctx context.Context, name string, module []byte) error

// Build compiles sources to modules beside them: files in TypeScript or Rust, or
// folders with an index.ts, a Cargo.toml or a src/lib.rs. What the compilers say
// goes to out as it is; the error says which sources do not compile, or become
// what does not load. A module is replaced as a whole, and only by one that loads,
// for a server may watch the folder.
func Build(ctx context.Context, sources []string, out io.Writer, loads Loads) error {
	var failed []error
	for _, path := range sources {
		err := build(ctx, path, out, loads)
		if ctx.Err() != nil {
			return ctx.Err() // whatever a compiler says of being stopped
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func build(ctx context.Context, path string, out io.Writer, loads Loads) error {
	s, ok := sourceAt(path)
	if !ok {
		return mistaken("there is no source %s: name a .ts or .rs file, or a folder with index.ts, Cargo.toml or src/lib.rs", path)
	}
	if rival := s.rival(); rival != "" {
		return mistaken("%s and %s would both become %s; keep one", s.path, rival, s.module())
	}
	sdk, err := findSDK(filepath.Dir(s.path), s.language)
	if err != nil {
		return err
	}
	if _, err := sdk.refresh(); err != nil {
		return err
	}
	module, err := s.compiled(ctx, sdk, out)
	if err != nil {
		return err
	}
	if err := loads(ctx, filepath.Base(s.stem()), module); err != nil {
		return mistaken("%s compiles to a module that does not load: %w", s.path, err)
	}
	if err := writeFile(s.module(), module, 0o644); err != nil {
		return fmt.Errorf("%s cannot be written: %w", s.module(), err)
	}
	_, err = fmt.Fprintf(out, "%s → %s\n", s.path, s.module())
	return err
}

// compiled is what a compiler makes of the source.
func (s source) compiled(ctx context.Context, sdk *sdk, out io.Writer) ([]byte, error) {
	dir, err := os.MkdirTemp("", "hapta-build-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	compile := compileRust
	if s.language == typeScript {
		compile = compileTypeScript
	}
	module := filepath.Join(dir, filepath.Base(s.module()))
	if err := compile(ctx, sdk, s, module, out); err != nil {
		return nil, err
	}
	return os.ReadFile(module)
}
