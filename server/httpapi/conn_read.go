package httpapi

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/httpapi/plain"
)

// part is what of a request comes next.
type part int

const (
	beginning part = iota
	header
	body
)

// follow has each request read from its beginning. Of one that came along with
// the request before it, the beginning has been read already, and maybe all of its
// header: what still comes is taken for its body.
func follow(c net.Conn, state fasthttp.ConnState) {
	switch l, ok := c.(*conn); {
	case ok && state == fasthttp.StateIdle:
		bounds := l.all.bounds.Load()
		l.header, l.part = plain.Lines{}, beginning
		l.reading.renew(bounds.IdleTimeout)
	case ok && state == fasthttp.StateActive:
		if l.part == beginning {
			l.header.Skip()
			l.begin(body)
		}
		l.writing.renew(l.all.bounds.Load().BodyTimeout)
	}
}

func (c *conn) begin(p part) {
	c.part = p
	whole := c.all.bounds.Load().BodyTimeout
	if p == header {
		whole = c.all.bounds.Load().HeaderTimeout
	}
	c.reading.renew(whole)
}

var errBareLF = errors.New("a line of the header ends in a bare LF")

// Read tells of the end when it is all that there is to tell: with TLS it may
// come along with the last bytes. Behind a bare LF it waits for nothing more, for
// the request is refused whatever comes.
func (c *conn) Read(p []byte) (int, error) {
	if c.header.Bare() {
		return 0, errBareLF
	}
	n, err := c.await(p)
	c.header.Add(p[:n])
	if err == io.EOF && n > 0 {
		return n, nil
	}
	if err == io.EOF {
		c.cut.Store(true)
	}
	return n, err
}

func (c *conn) await(p []byte) (n int, err error) {
	if c.part == header && c.header.Ended() {
		c.begin(body)
	}
	now := time.Now()
	if err := c.reading.before(now); err != nil {
		return 0, err
	}
	switch c.part {
	case beginning:
		n, err = c.awaitRequest(p, now)
	case header:
		n, err = c.Conn.Read(p)
		c.reading.after(now, 0)
	case body:
		n, err = c.Conn.Read(p)
		c.reading.after(now, n)
	}
	return n, err
}

// awaitRequest reads a request's first bytes, and none if the connection has had
// to make room meanwhile: nobody could be told what becomes of the request.
func (c *conn) awaitRequest(p []byte, now time.Time) (int, error) {
	since := now.UnixNano()
	c.idle.Store(since)
	n, err := c.Conn.Read(p)
	if !c.idle.CompareAndSwap(since, 0) {
		return 0, net.ErrClosed
	}
	if n > 0 {
		c.begin(header)
	}
	return n, err
}

// claim tells whether a connection may make room that awaits its next request
// since then. From there on it reads no other one.
func (c *conn) claim(since int64) bool { return c.idle.CompareAndSwap(since, -1) }

func wasCut(c net.Conn) bool {
	l, ok := c.(*conn)
	return ok && l.cut.Load()
}
