package author

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// maxFile bounds what is read of a file, in bytes: more than any module or any
// list of cases has.
const maxFile = 16 << 20

// readFile reads a regular file. Not to block stops a pipe in its place from
// holding the reader.
func readFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("%s is not a regular file", path))
	}
	return readAll(file)
}

func readAll(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(content) > maxFile {
		return nil, fmt.Errorf("it has more than %d MiB", maxFile>>20)
	}
	return content, err
}
