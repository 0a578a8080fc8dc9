package httpapi

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 64 << 20
)

// lingerListener hands out connections that close gently. Closing a socket
// with unread bytes makes the kernel send a reset, which overtakes the answer:
// a client that still sends its too large body would never see the 413.
type lingerListener struct{ net.Listener }

func (l lingerListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingerConn{Conn: c}, nil
}

// lingerConn, once its request was answered unread, closes its side and reads
// on for a moment before it closes, as net/http does.
type lingerConn struct {
	net.Conn
	unread atomic.Bool
}

func (c *lingerConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if ok && c.unread.Swap(false) && half.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // what comes is not wanted
	}
	return c.Conn.Close()
}

// noteUnread tells the connection whether the request's body was read to its end.
func noteUnread(c net.Conn, body *detachable) {
	if c, ok := c.(*lingerConn); ok {
		c.unread.Store(body != nil && !body.ended())
	}
}
