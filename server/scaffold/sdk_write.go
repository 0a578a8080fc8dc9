package scaffold

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// refresh writes the SDK out of this binary, unless it is there, and tells
// whether it did.
func (s *sdk) refresh() (written bool, err error) {
	if s.inTree {
		return false, nil
	}
	digest, err := s.digest()
	if err != nil {
		return false, err
	}
	note := filepath.Join(s.dir, ".digest")
	if there, err := os.ReadFile(note); err == nil && string(there) == digest {
		return false, nil
	}
	if err := s.write(); err != nil {
		return false, fmt.Errorf("the SDK cannot be written to %s: %w", s.dir, err)
	}
	// Last, so that what was written in part is written again.
	return true, writeFile(note, []byte(digest), 0o644)
}

// write puts the SDK in the place of another one. What its tools have fetched
// stays as long as it is what they would fetch again.
func (s *sdk) write() error {
	if err := s.clear(); err != nil {
		return err
	}
	// What comes out of a binary need not be kept by who keeps the policies.
	if err := writeFile(filepath.Join(s.beneath, ".gitignore"), []byte("/sdk-*/\n"), 0o644); err != nil {
		return err
	}
	return s.each(func(name string, content []byte) error {
		mode := os.FileMode(0o644)
		if ext := path.Ext(name); ext == ".sh" || path.Dir(name) == "bin" {
			mode = 0o755
		}
		return writeFile(filepath.Join(s.dir, filepath.FromSlash(name)), content, mode)
	})
}

func (s *sdk) clear() error {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if entry.Name() == s.kept && s.hasSame(s.lock) {
			continue
		}
		if entry.Name() != s.lock { // read above, and written over
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, entry.Name())))
		}
	}
	return err
}

func (s *sdk) hasSame(name string) bool {
	there, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return false
	}
	content, err := fs.ReadFile(s.files(), name)
	return err == nil && string(content) == string(there)
}

// digest tells one SDK from another. It says more than a version does, for
// builds between two releases have the same one.
func (s *sdk) digest() (string, error) {
	hash := sha256.New()
	err := s.each(func(name string, content []byte) error {
		_, err := fmt.Fprintf(hash, "%s %d\n%s\n", name, len(content), content)
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)) + "\n", err
}

func (s *sdk) each(do func(name string, content []byte) error) error {
	return fs.WalkDir(s.files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(s.files(), name)
		if err != nil {
			return err
		}
		return do(name, content)
	})
}
