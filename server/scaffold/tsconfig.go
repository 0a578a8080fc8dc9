package scaffold

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writeTSConfig tells editors where the types are, unless the folder has a
// tsconfig.json. It returns "" when it wrote none.
func writeTSConfig(dir string, s *sdk) (path string, err error) {
	path = filepath.Join(dir, "tsconfig.json")
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(s.dir)
	if err != nil {
		return "", err
	}
	if to, err = filepath.Rel(whole, to); err != nil {
		return "", err
	}
	to = "./" + filepath.ToSlash(to)
	content, err := json.MarshalIndent(map[string]any{
		"extends":         to + "/tsconfig.json",
		"compilerOptions": map[string]any{"paths": map[string]any{"hapta": []string{to + "/assembly/index.ts"}}},
		"include":         []string{"./**/*.ts"},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	return path, writeNew(path, append(content, '\n'))
}
