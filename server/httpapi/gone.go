package httpapi

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// watch calls gone once the client has closed its side: nothing is read from it while
// it waits for an answer, so that nobody else would learn of it. Whoever reads next
// calls stop first.
func (c *conn) watch(gone func()) (stop func()) {
	raw, err := rawSocket(c.Conn)
	if err != nil || c.Conn.SetReadDeadline(time.Time{}) != nil {
		return func() {} // it has been closed here
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if awaitClose(raw) {
			gone()
		}
	}()
	return func() {
		c.reading.set = time.Unix(1, 0)
		_ = c.Conn.SetReadDeadline(c.reading.set) // ends the wait
		<-ended
	}
}

var errNoSocket = errors.New("no socket")

func rawSocket(c net.Conn) (syscall.RawConn, error) {
	s, ok := socket(c).(syscall.Conn)
	if !ok {
		return nil, errNoSocket
	}
	return s.SyscallConn()
}

// awaitClose returns true when the other side has closed, and false when the deadline
// passes. What has been sent stays to be read.
func awaitClose(raw syscall.RawConn) (closed bool) {
	err := raw.Read(func(fd uintptr) bool {
		closed = isClosed(int(fd))
		return closed
	})
	return closed || err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

func isClosed(fd int) bool {
	var next [1]byte
	n, _, err := unix.Recvfrom(fd, next[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return false
	case err != nil, n == 0:
		return true
	}
	// There is more to be read, as TLS's own end of the connection, or another
	// request, behind which the socket may have ended as well.
	poll := []unix.PollFd{{Fd: int32(fd), Events: hangUps}}
	ready, err := unix.Poll(poll, 0)
	return err == nil && ready > 0 && poll[0].Revents&(hangUps|unix.POLLHUP|unix.POLLERR) != 0
}
