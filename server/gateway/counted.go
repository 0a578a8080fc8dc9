package gateway

import (
	"errors"
	"io"

	"github.com/hapta/hapta/server/apierr"
)

var errBodyTooLong = errors.New("the body is longer than allowed")

// countedReader ends with an error once more than left bytes were read.
// fasthttp does not bound streamed bodies by itself.
type countedReader struct {
	r        io.Reader
	left     int64
	exceeded bool
}

// counted is the body, of which no more than limit bytes can be read.
func (p *Passage) counted(limit int64) (*countedReader, error) {
	if p.ContentLength > limit {
		return nil, tooLarge(limit) // there is no need to wait for it
	}
	return &countedReader{r: p.Body, left: limit}, nil
}

func tooLarge(limit int64) error {
	return apierr.Detailed(apierr.BodyTooLarge, "The body may have at most %d bytes.", limit)
}

func (c *countedReader) Read(p []byte) (int, error) {
	if c.left < 0 {
		c.exceeded = true
		return 0, errBodyTooLong
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		c.exceeded = true
		return n, errBodyTooLong
	}
	return n, err
}
