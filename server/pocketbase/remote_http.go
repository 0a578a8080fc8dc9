package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// dialTimeout bounds making a connection, however long an answer may take.
const dialTimeout = 5 * time.Second

// newTransport returns one that adds nothing of its own: no proxy, no
// compression, no cookies, and no redirects, for it is used without a client.
func newTransport(timeout time.Duration) *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: timeout,
		IdleConnTimeout:       90 * time.Second,
		DisableCompression:    true,
		ForceAttemptHTTP2:     true,
	}
}

// fetch sends the request, and once more if the superuser turns out to have
// been signed out and the body can be read again.
func (r *remote) fetch(ctx context.Context, request *Request) (*Response, error) {
	if !r.gate.enter() {
		return nil, errClosed
	}
	defer r.gate.leave()
	response, err := r.do(ctx, request)
	if err != nil || !r.refusesSuperuser(request, response) {
		return response, err
	}
	token := r.signInAgain(ctx, request.Token)
	if token == "" || !rewind(request.Body) {
		return response, nil
	}
	again := *request
	again.Token = token
	return r.do(ctx, &again)
}

func rewind(body io.Reader) bool {
	if body == nil {
		return true
	}
	seeker, ok := body.(io.Seeker)
	if !ok {
		return false
	}
	_, err := seeker.Seek(0, io.SeekStart)
	return err == nil
}

// do is one round trip with the whole answer.
func (r *remote) do(ctx context.Context, request *Request) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	out, err := r.httpRequest(limited, request)
	if err != nil {
		return nil, err
	}
	out.Header["Accept-Encoding"] = identityEncoding
	response, err := r.calls.RoundTrip(out)
	if err != nil {
		return nil, r.unreachable(ctx, err)
	}
	defer func() { _ = response.Body.Close() }() // it has been read, or is given up
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxResponse+1))
	if err != nil {
		return nil, r.unreachable(ctx, err)
	}
	if len(body) > MaxResponse {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, MaxResponse>>20)
	}
	return &Response{Status: response.StatusCode, Header: endToEnd(response.Header), Body: body}, nil
}

func (r *remote) stream(ctx context.Context, request *Request) (*http.Response, error) {
	if !r.gate.enter() {
		return nil, errClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	closing := context.AfterFunc(r.closing, cancel)
	end := sync.OnceFunc(func() { closing(); cancel(); r.gate.leave() })
	out, err := r.httpRequest(ctx, request)
	if err != nil {
		end()
		return nil, err
	}
	response, err := r.streams.RoundTrip(out)
	if err != nil {
		err = r.unreachable(ctx, err)
		end()
		return nil, err
	}
	response.Header = endToEnd(response.Header)
	response.Body = &remoteBody{response.Body, end}
	return response, nil
}

// remoteBody ends its request when it is closed.
type remoteBody struct {
	io.ReadCloser
	end func()
}

func (b *remoteBody) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}

func (r *remote) httpRequest(ctx context.Context, request *Request) (*http.Request, error) {
	target := *r.base
	target.RawQuery = request.RawQuery
	if err := setPath(&target, joinPath(r.base.EscapedPath(), request.Path)); err != nil {
		return nil, err
	}
	out := (&http.Request{
		Method: request.Method, URL: &target, Host: r.base.Host, Header: outgoingHeader(request),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if request.Body != nil && request.ContentLength != 0 {
		out.Body, out.ContentLength = io.NopCloser(request.Body), request.ContentLength
	}
	if _, named := out.Header["User-Agent"]; !named {
		out.Header["User-Agent"] = []string{""} // or net/http would name itself
	}
	if s := r.session.Load(); request.ClientAddr.IsValid() && !s.owns(request.Token) {
		out.Header[ClientAddressHeader] = []string{request.ClientAddr.Addr().Unmap().String()}
	}
	return out, nil
}

func joinPath(prefix, path string) string {
	if n := len(prefix); n > 0 && prefix[n-1] == '/' {
		prefix = prefix[:n-1]
	}
	return prefix + path
}

// endToEnd drops the headers that belong to the connection.
func endToEnd(h http.Header) http.Header {
	for _, name := range hopByHop {
		if name != "Content-Length" {
			delete(h, name)
		}
	}
	return h
}

// unreachable makes an error of a failed round trip, and has run look at once
// unless it was the caller who gave up.
func (r *remote) unreachable(caller context.Context, err error) error {
	if caller.Err() != nil && r.closing.Err() == nil {
		return fmt.Errorf("the request was given up: %w", caller.Err())
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		r.live.Store(false)
	}
	r.lookNow()
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
