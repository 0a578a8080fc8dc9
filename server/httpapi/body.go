package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

// detachable is a request body that can be taken away: fasthttp uses its
// buffers again once the handler returns, and whoever still reads must not see
// the next client's bytes.
type detachable struct {
	mu    sync.Mutex
	r     io.Reader
	cut   func() bool   // tells whether the connection ended before the body did
	clock *clock        // of the request; stands still while more of the body is awaited
	work  *atomic.Int64 // of which it is no part meanwhile; nil: of none
	err   error         // what reading ended with first
}

// Read ends with an error when the connection ended in the middle of the body,
// which fasthttp takes for the body's end. See RFC 9112, section 8.
func (d *detachable) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.r == nil {
		return 0, io.ErrUnexpectedEOF
	}
	d.clock.stop()
	if d.work != nil {
		d.work.Add(-1)
	}
	n, err := d.r.Read(p)
	if d.work != nil {
		d.work.Add(1)
	}
	d.clock.restart()
	if err == io.EOF && d.cut() {
		err = io.ErrUnexpectedEOF
	}
	if d.err == nil {
		d.err = err
	}
	return n, err
}

// blamed is what a call came to. Where its body could not be read, that is the
// reason, whatever became of it further in.
func (d *detachable) blamed(answer *gateway.Response, err error) (*gateway.Response, error) {
	if err == nil && answer.Status < http.StatusBadRequest || !d.failed() {
		return answer, err
	}
	tooSlow := errors.Is(d.result(), os.ErrDeadlineExceeded)
	switch {
	case tooSlow && err == nil: // to the database it was merely broken off
		if answer.Stream != nil {
			_ = answer.Stream.Close() // given up
		}
		return nil, apierr.New(apierr.RequestTooSlow)
	case tooSlow:
		return nil, apierr.Caused(apierr.RequestTooSlow, err)
	case err != nil:
		return nil, apierr.Caused(apierr.BadBody, err)
	}
	return answer, nil
}

// ended tells whether the body was read to its end.
func (d *detachable) ended() bool { return d.result() == io.EOF }

// failed tells whether the body could not be read.
func (d *detachable) failed() bool {
	err := d.result()
	return err != nil && err != io.EOF
}

func (d *detachable) result() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

func (d *detachable) detach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.r = nil
}
