package pocketbase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// dialTimeout bounds making a connection, however long an answer may take.
const dialTimeout = 3 * time.Second

// newTransport returns one of at most so many connections, or of any number. It
// adds nothing of its own: no proxy, no compression, no cookies, and no
// redirects, for it is used without a client.
func newTransport(connections int) *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: dialTimeout,
		MaxConnsPerHost:     connections,
		MaxIdleConnsPerHost: max(connections, http.DefaultMaxIdleConnsPerHost),
		// Shorter than servers wait (nginx: 75 s), which might close a connection
		// in the moment in which a write begins on it.
		IdleConnTimeout:    30 * time.Second,
		DisableCompression: true,
		ForceAttemptHTTP2:  true,
	}
}

// enter lets a client's request in, unless PocketBase is not to be asked now.
func (r *remote) enter() (round int, err error) {
	if !r.gate.enter() {
		return 0, errClosed
	}
	round, ok := r.breaker.enter()
	if !ok {
		r.gate.leave()
		return 0, errOpen
	}
	return round, nil
}

// settle tells the breaker what became of a client's request. A failure has run
// look at once; what the client gave up, sent badly, or had to wait for too long
// says nothing about PocketBase.
func (r *remote) settle(round int, err error) {
	switch {
	case err == nil, errors.Is(err, ErrTooLarge):
		r.breaker.answered(round)
	case errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrBusy):
		if r.breaker.failed(round) {
			r.log.Warn("PocketBase has failed several requests in a row; no more are sent until it answers", "url", r.base.String(), "error", err)
		}
		r.lookNow()
	}
}

func (r *remote) fetch(ctx context.Context, request *Request) (response *Response, err error) {
	round, err := r.enter()
	if err != nil {
		return nil, err
	}
	defer r.gate.leave()
	defer func() { r.settle(round, err) }()
	return r.ask(ctx, r.calls, request)
}

// ask sends the request, and once more if the superuser turns out to have been
// signed out and the body can be read again.
func (r *remote) ask(ctx context.Context, transport *http.Transport, request *Request) (*Response, error) {
	response, err := r.do(ctx, transport, request)
	if err != nil || !r.refusesSuperuser(request, response) {
		return response, err
	}
	token := r.signInAgain(ctx, request.Token)
	if token == "" || !rewind(request.Body) {
		return response, nil
	}
	again := *request
	again.Token = token
	return r.do(ctx, transport, &again)
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
func (r *remote) do(ctx context.Context, transport *http.Transport, request *Request) (*Response, error) {
	t := newTrip(ctx)
	quiet := newSilence(r.timeout, t)
	defer func() { quiet.end(); t.end(nil) }()
	out, err := r.httpRequest(request)
	if err != nil {
		return nil, err
	}
	out.Header["Accept-Encoding"] = identityEncoding
	if body, ok := out.Body.(*sentBody); ok {
		body.silence = quiet
	}
	response, err := t.send(transport, out)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // it has been read, or is given up
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxResponse+1))
	if err != nil {
		return nil, t.failure(err)
	}
	if len(body) > MaxResponse {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, MaxResponse>>20)
	}
	if request.Method != http.MethodHead && !isWhole(response, body) {
		return nil, t.failure(io.ErrUnexpectedEOF)
	}
	if err := checkProxy(response.StatusCode, body); err != nil {
		return nil, err
	}
	return &Response{Status: response.StatusCode, Header: endToEnd(response.Header), Body: body}, nil
}

// isWhole tells whether an answer was not cut off. One that does not say how long it is
// ends with its connection, however that came (RFC 9112, section 6.3): then its JSON tells.
func isWhole(r *http.Response, body []byte) bool {
	ends := r.ContentLength >= 0 || len(r.TransferEncoding) > 0
	return ends || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.Valid(body)
}

func (r *remote) httpRequest(request *Request) (*http.Request, error) {
	target := *r.base
	target.RawQuery = request.RawQuery
	if err := setPath(&target, joinPath(r.base.EscapedPath(), request.Path)); err != nil {
		return nil, err
	}
	out := &http.Request{
		Method: request.Method, URL: &target, Host: r.base.Host, Header: outgoingHeader(request),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if request.Body != nil && request.ContentLength != 0 {
		out.Body, out.ContentLength = &sentBody{Reader: request.Body}, request.ContentLength
	}
	promiseNothing(out.Header)
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

// promiseNothing keeps net/http from sending a write again because the client
// gave it one of these headers: PocketBase does not know them and would do the
// write twice. net/http goes by the canonical name; PocketBase, as all of HTTP,
// by the name in any case (RFC 9110, section 5.1).
func promiseNothing(h http.Header) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}
