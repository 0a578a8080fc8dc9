package scaffold

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

// hidden is the folder beside policies that keeps what is no author's.
const hidden = ".hapta"

// writeFile writes a file whole or not at all, making its folder, and leaves one
// alone that holds the same.
func writeFile(path string, content []byte, mode os.FileMode) error {
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, content) {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(mode), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
