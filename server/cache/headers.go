package cache

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// headers holds those that were read lately, since nearly all answers have the same.
// Its zero value holds none.
type headers struct {
	mu   sync.RWMutex
	read map[string]http.Header // by how they are encoded
}

// maxHeaders bounds how many different ones are held.
const maxHeaders = 256

func (s *headers) of(encoded []byte) http.Header {
	s.mu.RLock()
	h, ok := s.read[string(encoded)]
	s.mu.RUnlock()
	if ok {
		return h
	}
	h = decodeHeader(encoded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read == nil || len(s.read) >= maxHeaders {
		s.read = map[string]http.Header{}
	}
	s.read[string(encoded)] = h
	return h
}

// encodeHeader leaves out what is of one answer alone: when it was made.
func encodeHeader(h http.Header) []byte {
	names := make([]string, 0, len(h))
	for name := range h {
		if name != "Date" && name != "Age" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []byte
	for _, name := range names {
		for _, value := range h[name] {
			out = append(append(append(append(out, name...), ':'), value...), '\n')
		}
	}
	return out
}

func decodeHeader(encoded []byte) http.Header {
	h := http.Header{}
	for line := range bytes.Lines(encoded) {
		name, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte{'\n'}), []byte{':'})
		h[string(name)] = append(h[string(name)], string(value))
	}
	return h
}

// isPersonal tells of an answer that says of itself that it is for nobody else (RFC
// 9111, section 3), or for those alone who send the same headers, of which none are
// sent when it is asked for.
func isPersonal(h http.Header) bool {
	if h.Get("Set-Cookie") != "" {
		return true
	}
	for directive := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if name == "no-store" || name == "private" {
			return true
		}
	}
	for name := range strings.SplitSeq(strings.Join(h.Values("Vary"), ","), ",") {
		name = http.CanonicalHeaderKey(strings.TrimSpace(name))
		if name != "" && name != "Origin" && name != "Accept-Encoding" && name != "Authorization" {
			return true
		}
	}
	return false
}
