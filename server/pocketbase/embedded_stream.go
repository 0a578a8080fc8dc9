package pocketbase

import (
	"context"
	"io"
	"net/http"
	"strconv"
)

// stream runs PocketBase's handler in a goroutine that ends when the body is
// closed, ctx ends or the database is closed; Close of the body waits for it.
func (e *embedded) stream(ctx context.Context, r *Request) (*http.Response, error) {
	if !e.gate.enter() {
		return nil, errClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	request, err := e.httpRequest(ctx, r)
	if err != nil {
		cancel()
		e.gate.leave()
		return nil, err
	}
	pr, pw := io.Pipe()
	w := &streamer{answer: answer{header: http.Header{}, method: r.Method}, pipe: pw, begun: make(chan struct{})}
	body := &streamBody{PipeReader: pr, cancel: cancel, ended: make(chan struct{})}
	// A handler that waits for a reader is woken when the request ends, and a
	// request ends with the database.
	woken := context.AfterFunc(ctx, func() { pr.CloseWithError(context.Cause(ctx)) })
	closing := context.AfterFunc(e.closing, cancel)
	go func() {
		defer e.gate.leave()
		defer close(body.ended)
		defer cancel()
		defer closing()
		defer woken()
		if body.err = e.handle(w, request); body.err == nil {
			w.start(http.StatusOK, nil)
		}
		pw.CloseWithError(body.err) // nil is the end of the body
	}()
	select {
	case <-w.begun:
	case <-body.ended:
		if w.status == 0 {
			return nil, body.err
		}
	}
	return w.response(request, body), nil
}

// streamer hands an answer over as it is written.
type streamer struct {
	answer
	pipe  *io.PipeWriter
	begun chan struct{} // closed once the header is fixed
}

func (w *streamer) start(status int, body []byte) {
	if w.status == 0 && status >= http.StatusOK {
		w.begin(status, body)
		close(w.begun)
	}
}

func (w *streamer) WriteHeader(status int) { w.start(status, nil) }

func (w *streamer) Write(p []byte) (int, error) {
	w.start(http.StatusOK, p)
	if !w.hasBody() {
		return len(p), nil
	}
	return w.pipe.Write(p)
}

// FlushError sends the header; the body is never held back.
func (w *streamer) FlushError() error {
	w.start(http.StatusOK, nil)
	return nil
}

func (w *streamer) response(r *http.Request, body io.ReadCloser) *http.Response {
	length := int64(-1)
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: length, Request: r,
	}
}

// streamBody ends its request when it is closed.
type streamBody struct {
	*io.PipeReader
	cancel context.CancelFunc
	ended  chan struct{} // closed once the handler has ended, after err
	err    error
}

func (b *streamBody) Close() error {
	b.cancel()
	err := b.PipeReader.Close()
	<-b.ended
	return err
}
