package pocketbase

import (
	"context"
	"io"
	"mime"
	"net/http"
	"sync"
)

// stream sends a request whose answer may take as long as it goes on. One on
// which nothing moves for as long as a whole Fetch may take, in either direction
// and whoever stalls, is cut and gives its connection back. Event streams are
// silent by nature; there TCP's keep-alive notices a peer that is gone.
func (r *remote) stream(ctx context.Context, request *Request) (*http.Response, error) {
	round, err := r.enter()
	if err != nil {
		return nil, err
	}
	t := newTrip(ctx)
	closing := context.AfterFunc(r.closing, func() { t.end(errHungUp) })
	quiet := newSilence(r.timeout, t)
	end := sync.OnceFunc(func() { closing(); quiet.end(); t.end(nil); r.gate.leave() })
	response, err := r.open(t, request, quiet)
	r.settle(round, err)
	if err != nil {
		end()
		return nil, err
	}
	if isEvents(response.Header) {
		quiet.end()
	}
	response.Header = endToEnd(response.Header)
	response.Body = &remoteBody{response.Body, t, quiet, func(err error) { r.settle(round, err) }, end}
	return response, nil
}

// open takes a stream as far as its header.
func (r *remote) open(t *trip, request *Request, quiet *silence) (*http.Response, error) {
	out, err := r.httpRequest(request)
	if err != nil {
		return nil, err
	}
	if body, ok := out.Body.(*sentBody); ok {
		body.silence = quiet
	}
	transport := r.streams
	if request.Path == realtime {
		transport = r.events
	}
	response, err := t.send(transport, out)
	if err != nil {
		return nil, err
	}
	if err := checkProxyStream(response); err != nil {
		_ = response.Body.Close() // it is given up
		return nil, err
	}
	return response, nil
}

func isEvents(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && kind == "text/event-stream"
}

// remoteBody is the body of an answer on its way. It ends its request when it is
// closed.
type remoteBody struct {
	io.ReadCloser
	trip    *trip
	silence *silence
	settle  func(error)
	end     func()
}

func (b *remoteBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.silence.moved()
	}
	if err != nil && err != io.EOF {
		err = b.trip.failure(err)
		b.settle(err)
	}
	return n, err
}

func (b *remoteBody) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}
