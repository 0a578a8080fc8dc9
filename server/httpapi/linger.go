package httpapi

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 64 << 20
)

// lingerListener hands out connections that close gently. Closing a socket
// with unread bytes makes the kernel send a reset, which overtakes the answer:
// a client that still sends its too large body would never see the 413.
//
// It may be closed more than once, by fasthttp and by who stops it before
// fasthttp knows of it.
type lingerListener struct {
	net.Listener
	closing sync.Once
	err     error
}

func (l *lingerListener) Close() error {
	l.closing.Do(func() { l.err = l.Listener.Close() })
	return l.err
}

func (l *lingerListener) Accept() (net.Conn, error) {
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

// noteUnread ends the connection after this answer when the request's body was
// not read to its end, and says so to the client and to the connection.
func noteUnread(ctx *fasthttp.RequestCtx, body *detachable) {
	unread := body != nil && !body.ended()
	if unread {
		ctx.SetConnectionClose()
	}
	if c, ok := ctx.Conn().(*lingerConn); ok {
		c.unread.Store(unread)
	}
}
