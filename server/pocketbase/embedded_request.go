package pocketbase

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

var (
	identityEncoding = []string{"identity"}
	localhost        = netip.MustParseAddrPort("127.0.0.1:0").String()
)

// httpRequest builds what net/http's server would have read from a connection.
func (e *embedded) httpRequest(ctx context.Context, r *Request) (*http.Request, error) {
	target := &url.URL{RawQuery: r.RawQuery}
	if err := setPath(target, r.Path); err != nil {
		return nil, err
	}
	request := &http.Request{
		Method: r.Method, URL: target, RequestURI: target.RequestURI(), Host: "localhost",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: outgoingHeader(r), Body: http.NoBody, ContentLength: r.ContentLength,
		RemoteAddr: localhost,
	}
	if r.Body != nil && r.ContentLength != 0 {
		request.Body = io.NopCloser(r.Body)
	}
	if r.ClientAddr.IsValid() && !e.admin.owns(r.Token) {
		request.RemoteAddr = r.ClientAddr.String()
	}
	// RemoteAddr says who it is; a header that PocketBase trusts beyond that
	// could only be the client's own word.
	for _, trusted := range e.app.Settings().TrustedProxy.Headers {
		request.Header.Del(trusted)
	}
	return request.WithContext(withSignUp(e.admin.withSuperuser(ctx, r.Token), r.OnSignUp)), nil
}

// setPath gives the URL an escaped path without losing how it was escaped.
func setPath(u *url.URL, escaped string) error {
	path, err := url.PathUnescape(escaped)
	if err != nil || path == "" || path[0] != '/' || strings.ContainsAny(escaped, "?#") {
		return fmt.Errorf("malformed path %q", escaped)
	}
	u.Path, u.RawPath = path, escaped
	return nil
}
