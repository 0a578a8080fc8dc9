package gateway

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// maxLookedInto bounds, in bytes, the answers that are read whole for a token.
const maxLookedInto = 16 << 20

// Passthrough sends a request on to a route of the app's own, as the caller.
// What the route answers is not judged, but PocketBase's tokens stay inside:
// an answer that is shaped like a sign-in is exchanged like one.
func (g *Gateway) Passthrough(ctx context.Context, p *Passage, method, path string) (*Response, error) {
	snap, caller, err := g.enter(ctx, p, limitPassthrough)
	if err != nil {
		return nil, err
	}
	req := &pocketbase.Request{
		Method: method, Path: path, RawQuery: p.Query.Encode(), Header: passedOn(p.Header()),
		Token: caller.upstream(), ClientAddr: p.Client,
	}
	if cookies := p.Header()["Cookie"]; cookies != nil { // the app's own pages may live by them
		req.Header["Cookie"] = cookies
	}
	streaming, cancel := context.WithCancel(ctx)
	answer, err := g.stream(streaming, p, req, snap.Settings.Bodies.Passed)
	if err != nil {
		cancel()
		return nil, err
	}
	out, err := g.lookInto(ctx, snap, p, answer)
	if err != nil || out.Stream == nil {
		cancel()
		return out, err
	}
	var leave func() = cancel
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") { // has no end of its own
		p.Flight.End()
		out.GiveUp = cancel
		stream := g.streams.enter(cancel, caller.session())
		leave = func() { g.streams.leave(stream) }
	}
	out.Stream = &relay{out.Stream, leave}
	return out, nil
}

// lookInto streams an answer, unless it is a JSON object: that is read whole
// first.
func (g *Gateway) lookInto(ctx context.Context, snap *Snapshot, p *Passage, answer *http.Response) (*Response, error) {
	out := streamed(answer)
	if encoding := answer.Header["Content-Encoding"]; encoding != nil { // the app's own doing: it was not asked for
		out.Header["Content-Encoding"] = encoding
	}
	if answer.Request.Method == http.MethodHead || !isJSON(answer.Header.Get("Content-Type")) {
		return out, nil
	}
	if answer.StatusCode == http.StatusPartialContent || answer.Header.Get("Content-Encoding") != "" {
		_ = answer.Body.Close() // given up
		return nil, apierr.Caused(apierr.TokenWithheld, errors.New("a JSON answer in parts or encoded cannot be looked into"))
	}
	body := bufio.NewReader(answer.Body)
	if !opensObject(body) {
		out.Stream = &buffered{body, answer.Body}
		return out, nil
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxLookedInto+1))
	_ = answer.Body.Close() // it has been read, or is given up
	switch {
	case err != nil:
		return nil, unavailable(err)
	case len(raw) > maxLookedInto:
		return nil, apierr.Caused(apierr.UpstreamTooLarge, errors.New("a JSON object is longer than what is looked into"))
	}
	out.Stream, out.Length = nil, 0
	out.Body, err = g.exchanged(ctx, snap, p, raw)
	return out, err
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json"))
}

// opensObject skips to the first byte that says something. A byte order mark,
// which browsers skip too, is dropped.
func opensObject(r *bufio.Reader) bool {
	if mark, _ := r.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3) // it was peeked
	}
	for {
		next, err := r.Peek(1)
		if err != nil || !strings.ContainsRune(" \t\r\n", rune(next[0])) {
			return err == nil && next[0] == '{'
		}
		_, _ = r.Discard(1)
	}
}

// buffered reads through a buffer and closes what is behind it.
type buffered struct {
	io.Reader
	io.Closer
}
