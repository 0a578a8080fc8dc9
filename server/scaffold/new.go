package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hapta/hapta/server/pocketbase"
)

// Request is what New is to make.
type Request struct {
	Collection string // by name or id
	Language   string // "ts" or "rust"; "" is ts
	Dir        string // the folder of policies
	// Schema is the database's; nil when there is none, and then the names of
	// fields are placeholders.
	Schema *pocketbase.Schema
}

// New writes a policy that compiles and test cases that it passes, with what
// compiles it, and returns what it wrote. It overwrites nothing of an author's.
func New(ctx context.Context, r Request) (files []string, err error) {
	language, err := languageOf(r.Language)
	if err != nil {
		return nil, err
	}
	start, err := startOf(r.Schema, r.Collection)
	if err != nil {
		return nil, err
	}
	if err := isFree(r.Dir, start.Collection); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("the folder of policies cannot be made: %w", err)
	}
	return write(r.Dir, start, language)
}

func write(dir string, start *start, language language) (files []string, err error) {
	for _, f := range []struct{ name, template string }{
		{start.Collection + language.extension, "policy" + language.extension},
		{start.Collection + ".test.json", "cases.json"},
	} {
		path := filepath.Join(dir, f.name)
		if err := writeNew(path, start.render(f.template)); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	if !start.Placeholders {
		notes, err := writeFields(dir, start.Collection, start.All, start.Dropped)
		if err != nil {
			return files, err
		}
		files = append(files, notes...)
	}
	sdk, err := findSDK(dir, language)
	if err != nil {
		return files, err
	}
	if written, err := sdk.refresh(); err != nil {
		return files, err
	} else if written {
		files = append(files, sdk.dir)
	}
	if language != typeScript {
		return files, nil
	}
	path, err := writeTSConfig(dir, sdk)
	if path != "" {
		files = append(files, path)
	}
	return files, err
}

// isFree tells whether nothing of a policy for the collection is there yet.
func isFree(dir, collection string) error {
	for _, name := range []string{".ts", ".rs", "", ".test.json", ".wasm"} {
		path := filepath.Join(dir, collection+name)
		_, err := os.Lstat(path)
		if err == nil {
			return mistaken("%s is there already, and nothing is overwritten; move it away to start anew", path)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the folder of policies cannot be read: %w", err)
		}
	}
	return nil
}

// writeNew fails where the file has come into being in the meantime.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("the new policy cannot be written: %w", err)
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
