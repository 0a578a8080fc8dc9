package plain

import "testing"

// However a header is cut into pieces, its lines end in the same way.
func TestLines(t *testing.T) {
	f := func(header string, bare bool) {
		t.Helper()
		for cut := range len(header) + 1 {
			var l Lines
			l.Add([]byte(header[:cut]))
			l.Add([]byte(header[cut:]))
			if l.Bare() != bare {
				t.Errorf("%q, cut at %d: has a bare LF is %t", header, cut, l.Bare())
			}
		}
	}
	const line = "GET / HTTP/1.1\r\n"
	f("", false)
	f(line, false)
	f(line+"Host: a\r\n\r\n", false)
	f(line+"Host: a\r\n\r\n{\n\n}\n", false) // the body
	f("\n\r\n\n"+line+"Host: a\r\n\r\n\n", false)
	f("GET / HTTP/1.1\nHost: a\r\n\r\n", false)
	f("GET / HTTP/1.1\n", false)

	f("GET / HTTP/1.1\nHost: a\n", true)
	f("GET / HTTP/1.1\n\n", true)
	f(line+"\n", true)
	f(line+"Host: a\n\r\n", true)
	f(line+"Host: a\r\n\n", true)
	f(line+"Host: a\r\nX: x\n", true)
}
