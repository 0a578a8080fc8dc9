package pocketbase

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// writableDir makes the folder if it is missing, for nobody else to read, and tries
// that it can be written, so that a mistake is told before anything is half done.
func writableDir(dir, key string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".hapta-write-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err == nil {
		return nil
	}
	return &SetupError{Key: key, Err: err, Reason: fmt.Sprintf(
		"the folder %q cannot be written (%v); name one that this user may write to", dir, cause(err))}
}

// listenDashboard opens PocketBase's own listener.
func listenDashboard(addr string) (net.Listener, error) {
	if addr == "" {
		return newNowhere(), nil
	}
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	reason := fmt.Sprintf("PocketBase's dashboard cannot listen on %q (%v); name a free address such as 127.0.0.1:8090, or \"\" for none", addr, cause(err))
	if errors.Is(err, syscall.EADDRINUSE) {
		reason = fmt.Sprintf("another program listens on %s already; stop it, name another address for PocketBase's dashboard, or \"\" for none", addr)
	}
	return nil, &SetupError{Key: "[upstream] dashboard", Reason: reason, Err: err}
}

// cause returns the innermost error, which says why in the fewest words.
func cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
