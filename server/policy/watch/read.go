package watch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/hapta/hapta/server/policy/wasm"
)

// maxModule bounds a policy file, in bytes: what is larger would not load, so
// it is not read either.
var maxModule = int64(wasm.DefaultLimits().ModuleBytes)

var errWritten = errors.New("the file is still being written")

// read is a file's content, and the state of the file it was read from. Not
// to block stops a pipe that took the file's place from holding the reader.
func read(path string) ([]byte, fs.FileInfo, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("a policy file cannot be read: %w: make it a readable file", err)
	}
	defer func() { _ = file.Close() }()
	before, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("a policy file cannot be read: %w", err)
	}
	if !before.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a regular file: put the policy itself there", path)
	}
	if before.Size() > maxModule {
		return nil, nil, tooLarge(path)
	}
	content, err := io.ReadAll(io.LimitReader(file, maxModule+1))
	if err != nil {
		return nil, nil, fmt.Errorf("a policy file cannot be read: %w", err)
	}
	after, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("a policy file cannot be read: %w", err)
	}
	if !unchanged(before, after) || int64(len(content)) != after.Size() {
		return nil, nil, fmt.Errorf("%s: %w", path, errWritten)
	}
	return content, after, nil
}

func tooLarge(path string) error {
	return fmt.Errorf("%s is larger than the %d KiB that a policy may have: "+
		"build it optimised and without debug information", path, maxModule>>10)
}
