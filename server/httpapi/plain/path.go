package plain

import (
	"net/url"
	"strings"
)

// Target takes a request's target apart into path and query, both as they were
// sent: origin-form, or absolute-form (RFC 9112, sections 3.2.1 and 3.2.2). The
// path is empty in the other forms, and where a fragment makes it no target.
func Target(raw string) (path, query string) {
	if strings.Contains(raw, "#") {
		return "", ""
	}
	if !strings.HasPrefix(raw, "/") {
		scheme, rest, _ := strings.Cut(raw, "://")
		end := strings.IndexAny(rest, "/?")
		if !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") || end <= 0 || !isHost(rest[:end]) {
			return "", ""
		}
		raw = rest[end:]
	}
	path, query, _ = strings.Cut(raw, "?")
	return path, query
}

// isHost tells whether a host, with or without a port, is one to every reader.
func isHost(raw string) bool {
	_, err := url.Parse("http://" + raw)
	return err == nil && strings.IndexFunc(raw, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-_:[]", r))
	}) < 0
}

// Path tells whether a raw path means the same to every reader: no empty
// or dotted segments, but for an end in a slash, which no route has; and none
// whose decoded form has a separator.
func Path(raw string) bool {
	if raw == "" || raw[0] != '/' || strings.ContainsAny(raw, `\;`) {
		return false
	}
	if raw == "/" {
		return true
	}
	for segment := range strings.SplitSeq(strings.TrimSuffix(raw[1:], "/"), "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil || decoded == "" || decoded == "." || decoded == ".." {
			return false
		}
		for i := range len(decoded) {
			switch c := decoded[i]; {
			case c < 0x20, c == '/', c == '\\', c == '%', c == '?', c == '#', c == ';', c == 0x7f:
				return false
			}
		}
	}
	return true
}
