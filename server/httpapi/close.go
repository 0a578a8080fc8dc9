package httpapi

import (
	"crypto/tls"
	"io"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 64 << 20
)

// Close closes gently, as net/http does. Closing a socket with unread bytes makes
// the kernel send a reset, which overtakes the answer: a client that still sends
// its too large body would never see the 413. So once a request was answered
// unread, this side is closed, and read on for a moment.
func (c *conn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if ok && c.unread.Swap(false) && half.CloseWrite() == nil && c.Conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // what comes is not wanted
	}
	err := c.Conn.Close()
	c.all.leave(c)
	return err
}

// hangUp ends the connection after this answer, whatever else comes on it.
func hangUp(ctx *fasthttp.RequestCtx) {
	ctx.SetConnectionClose()
	if c, ok := ctx.Conn().(*conn); ok {
		c.unread.Store(true)
	}
}

// drop closes at once, without what TLS would still say.
func (c *conn) drop() {
	_ = socket(c.Conn).Close()
	c.all.leave(c)
}

// reset has the kernel forget what its client does not take, and tell it that the
// answer is not whole: one without a length ends with the connection.
func (c *conn) reset() {
	if tcp, ok := socket(c.Conn).(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // or it ends as others do
	}
}

// socket is what lies below TLS.
func socket(c net.Conn) net.Conn {
	if t, ok := c.(*tls.Conn); ok {
		return t.NetConn()
	}
	return c
}
