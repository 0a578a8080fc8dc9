package httpapi

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/httpapi/plain"
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
	cut    atomic.Bool // the client sends no more, and more was asked for
	header plain.Lines // of the request that is read; see follow
}

var errBareLF = errors.New("a line of the header ends in a bare LF")

// Read tells of the end when it is all that there is to tell: with TLS it may
// come along with the last bytes. Behind a bare LF it waits for nothing more, for
// the request is refused whatever comes.
func (c *lingerConn) Read(p []byte) (int, error) {
	if c.header.Bare() {
		return 0, errBareLF
	}
	n, err := c.Conn.Read(p)
	c.header.Add(p[:n])
	if err == io.EOF && n > 0 {
		return n, nil
	}
	if err == io.EOF {
		c.cut.Store(true)
	}
	return n, err
}

// follow has a header looked at from its beginning. Of one that came along with
// the request before it, the beginning has been read already.
func follow(c net.Conn, state fasthttp.ConnState) {
	l, ok := c.(*lingerConn)
	switch {
	case ok && state == fasthttp.StateIdle:
		l.header = plain.Lines{}
	case ok && state == fasthttp.StateActive:
		l.header.Skip()
	}
}

func wasCut(c net.Conn) bool {
	l, ok := c.(*lingerConn)
	return ok && l.cut.Load()
}

func (c *lingerConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if ok && c.unread.Swap(false) && half.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // what comes is not wanted
	}
	return c.Conn.Close()
}

// hangUp ends the connection after this answer, whatever else comes on it.
func hangUp(ctx *fasthttp.RequestCtx) {
	ctx.SetConnectionClose()
	if c, ok := ctx.Conn().(*lingerConn); ok {
		c.unread.Store(true)
	}
}
