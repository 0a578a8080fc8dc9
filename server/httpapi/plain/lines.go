package plain

import "bytes"

// Lines looks at a header while it comes, and finds early what Header would
// refuse: fasthttp waits for an empty line that ends in CRLF, behind a client
// that ends all of its lines in a bare LF and has nothing more to send.
type Lines struct {
	size  int  // bytes of the line so far
	last  byte // of them
	begun bool // the request's own line has come; that one may end in a bare LF (RFC 9112, section 2.2)
	ended bool // and so has the empty line
	bare  bool
}

// Add takes what comes next; what follows the header is not looked at.
func (l *Lines) Add(p []byte) {
	for !l.ended && !l.bare {
		end := bytes.IndexByte(p, '\n')
		line := p
		if end >= 0 {
			line = p[:end]
		}
		if len(line) > 0 {
			l.last = line[len(line)-1]
		}
		l.size += len(line)
		if end < 0 {
			return
		}
		l.endLine()
		p = p[end+1:]
	}
}

func (l *Lines) endLine() {
	crlf := l.size > 0 && l.last == '\r'
	empty := l.size == 0 || l.size == 1 && crlf
	l.bare = l.begun && !crlf
	l.ended = l.begun && empty
	l.begun = l.begun || !empty // empty lines may come first
	l.size = 0
}

// Bare tells whether a line has ended in a bare LF.
func (l *Lines) Bare() bool { return l.bare }

// Ended tells whether the header has come whole.
func (l *Lines) Ended() bool { return l.ended }

// Skip leaves the header out: its beginning has not been seen.
func (l *Lines) Skip() {
	if *l == (Lines{}) {
		l.ended = true
	}
}
