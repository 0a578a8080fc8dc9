package httpapi

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"github.com/hapta/hapta/server/httpapi/plain"
)

// conn is a client's connection. It ends when its client keeps the server
// waiting for too long; fasthttp's own time-outs know how long a request takes,
// and not who is waited for.
type conn struct {
	net.Conn
	all  *connections
	from netip.Addr // whom it counts for; zero: nobody

	part             part
	idle             atomic.Int64 // since when the next request is awaited, Unix nanoseconds; see claim
	reading, writing patience

	header plain.Lines // of the request that is read
	unread atomic.Bool // its request was answered, and not read to its end
	cut    atomic.Bool // the client sends no more, and more was asked for
}

func newConn(c net.Conn, all *connections) *conn {
	limitUnsent(c)
	bounds := all.bounds.Load()
	out := &conn{Conn: c, all: all}
	out.reading = patience{deadline: c.SetReadDeadline}
	out.writing = patience{deadline: c.SetWriteDeadline}
	out.reading.renew(bounds.HeaderTimeout)
	out.writing.renew(bounds.BodyTimeout)
	return out
}

// maxPiece is how much is written at once, so that what a slow client has taken
// is seen.
const maxPiece = 16 << 10

func (c *conn) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		now := time.Now()
		if err = c.writing.before(now); err == nil {
			var taken int
			taken, err = c.Conn.Write(p[n:min(n+maxPiece, len(p))])
			n += taken
			c.writing.after(now, taken)
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.reset()
	}
	return n, err
}

// The deadlines are its own; fasthttp lifts them from connections that it gives
// away.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
