package gateway

import (
	"errors"
	"io"
)

var errBodyTooLong = errors.New("the body is longer than allowed")

// countedReader ends with an error once more than left bytes were read.
// fasthttp does not bound streamed bodies by itself.
type countedReader struct {
	r        io.Reader
	left     int64
	exceeded bool
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
