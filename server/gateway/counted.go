package gateway

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/hapta/hapta/server/apierr"
)

// countedReader reads a body up to its limit, for fasthttp does not bound streamed
// ones by itself.
type countedReader struct {
	r      io.Reader
	limit  int64
	left   int64   // of the limit, in bytes
	flight *Flight // takes up room for what is read; nil: nothing is kept of it
	room   int64   // how much of it is kept in memory at most

	why atomic.Pointer[apierr.Error] // a write that was left behind may still read
}

// refused is what is answered to a body that went too far; nil for others.
func (c *countedReader) refused() error {
	if why := c.why.Load(); why != nil {
		return why
	}
	return nil
}

var errRefused = errors.New("the body is more than may be read")

// counted is the body, of which no more than limit bytes can be read.
func (p *Passage) counted(limit int64) (*countedReader, error) {
	if p.ContentLength > limit {
		return nil, tooLarge(limit) // there is no need to wait for it
	}
	return &countedReader{r: p.Body, limit: limit, left: limit}, nil
}

// kept is counted, for a body of which that much stays in memory.
func (p *Passage) kept(limit, room int64) (*countedReader, error) {
	c, err := p.counted(limit)
	if err == nil {
		c.flight, c.room = p.Flight, room
	}
	return c, err
}

func tooLarge(limit int64) *apierr.Error {
	return apierr.Detailed(apierr.BodyTooLarge, "The body may have at most %d bytes.", limit)
}

func (c *countedReader) Read(p []byte) (int, error) {
	if c.why.Load() != nil {
		return 0, errRefused
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		c.why.Store(tooLarge(c.limit))
	} else if c.flight != nil && c.room > 0 {
		c.why.Store(c.flight.keep(int(min(c.room, int64(n)))))
		c.room -= int64(n)
	}
	if c.why.Load() != nil {
		return n, errRefused
	}
	return n, err
}
