package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockPatience bounds the wait for a lock. It is held for milliseconds, unless
// the process that holds it was stopped.
const lockPatience = 5 * time.Second

// lock takes an advisory lock on a file of its own, against other processes
// and other goroutines alike. The file stays: removing it would let two
// holders lock two files of the same name.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the list of collections that have had a policy cannot be locked: %w: "+
			"make the state directory writable", err)
	}
	if err := handOver(path, filepath.Dir(path)); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("locking the list of collections that have had a policy: %w", err)
	}
	for deadline := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { _ = file.Close() }, nil // closing unlocks
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			_ = file.Close()
			return nil, fmt.Errorf("%s cannot be locked: %w", path, err)
		case time.Now().After(deadline):
			_ = file.Close()
			return nil, fmt.Errorf("%s is held by another process: let it end, then try again", path)
		}
	}
}

// handOver gives a file that root made to the owner of its directory: a
// command run with sudo must not take the ledger away from the server.
func handOver(path, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}
