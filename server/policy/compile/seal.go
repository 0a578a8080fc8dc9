package compile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// sumFile holds the SHA-256 of the native code beside it: the engine takes some
// damage for an older version, and would compile in place.
const sumFile = "sha256"

var errDamaged = errors.New("a compiled policy is damaged")

// seal writes down the sum of what a child left.
func seal(dir string) error {
	sum, err := sumOf(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, sumFile), []byte(sum), 0o600)
}

// verify is nil for a folder that is as it was sealed, and fs.ErrNotExist for
// one that is not there.
func verify(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return err
	}
	want, err := readRegular(filepath.Join(dir, sumFile))
	if err != nil {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	got, err := sumOf(dir)
	if err != nil || got != string(want) {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	return nil
}

// sumOf is the sum over name and content of the one file that the engine wrote.
func sumOf(dir string) (string, error) {
	name, err := entry(dir)
	if err != nil {
		return "", err
	}
	content, err := readRegular(filepath.Join(dir, name))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), content...))
	return hex.EncodeToString(sum[:]), nil
}

// maxCode is more than the native code of any policy takes, in bytes.
const maxCode = 64 << 20

// readRegular does not wait for a pipe, nor read what never ends.
func readRegular(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxCode {
		return nil, fmt.Errorf("%s is no file of native code", path)
	}
	return os.ReadFile(path)
}

// entry is the path, below dir, of the only file that the engine wrote there.
func entry(dir string) (string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == sumFile {
			return err
		}
		name, err := filepath.Rel(dir, path)
		found = append(found, name)
		return err
	})
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%d files were found where one was to be", len(found))
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}
