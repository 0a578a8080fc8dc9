package httpapi

import (
	"bytes"
	"io"
	"maps"
	"net"
	"sync"
	"testing"
	"time"
)

// faulty is a network between Hapta and PocketBase that fails as it is told.
type faulty struct {
	*testing.T
	target, addr string

	mu       sync.Mutex
	fault    fault
	open     map[*net.TCPConn]bool // Hapta's side
	left     *sync.Cond            // one of them has ended
	most     int                   // of them at once
	listener net.Listener
	running  sync.WaitGroup
}

// fault is what befalls each connection. The zero value is none.
type fault struct {
	refused   bool   // nobody listens
	swallowed bool   // requests go nowhere, and no answer comes
	instead   string // comes in place of an answer; the request goes nowhere

	cut    func(answer []byte) int // how much of the answer passes; nil: all
	behind ending                  // what comes then
}

type ending int

const (
	closed  ending = iota // the connection ends
	reset                 // it breaks
	stalled               // nothing
)

func newFaulty(t *testing.T, target string) *faulty {
	t.Helper()
	f := &faulty{T: t, target: target, addr: "127.0.0.1:0", open: map[*net.TCPConn]bool{}}
	f.left = sync.NewCond(&f.mu)
	f.set(fault{})
	t.Cleanup(func() {
		f.set(fault{refused: true})
		f.running.Wait()
	})
	return f
}

// set ends all connections, waits until Hapta has noticed, and makes those to
// come faulty in another way.
func (f *faulty) set(x fault) {
	f.Helper()
	f.mu.Lock()
	f.fault = x
	before := maps.Clone(f.open)
	for c := range before {
		_ = c.CloseWrite() // it may have ended by itself
	}
	if x.refused && f.listener != nil {
		_ = f.listener.Close()
		f.listener = nil
	}
	for c := range before {
		for f.open[c] {
			f.left.Wait()
		}
	}
	f.most = 0
	f.mu.Unlock()
	if x.refused || f.listener != nil {
		return
	}
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		f.Fatal(err)
	}
	f.listener, f.addr = l, l.Addr().String()
	f.running.Go(func() { f.accept(l) })
}

func (f *faulty) accept(l net.Listener) {
	for {
		accepted, err := l.Accept()
		if err != nil {
			return
		}
		c := accepted.(*net.TCPConn)
		f.mu.Lock()
		x := f.fault
		f.open[c] = true
		f.most = max(f.most, len(f.open))
		f.mu.Unlock()
		f.running.Go(func() {
			f.serve(c, x)
			f.mu.Lock()
			delete(f.open, c)
			f.left.Broadcast()
			f.mu.Unlock()
		})
	}
}

func (f *faulty) serve(hapta *net.TCPConn, x fault) {
	defer hapta.Close()
	if x.swallowed {
		_, _ = io.Copy(io.Discard, hapta)
		return
	}
	if x.instead != "" {
		_, _ = hapta.Read(make([]byte, 64<<10))
		_, _ = io.WriteString(hapta, x.instead)
		_ = hapta.CloseWrite()
		_, _ = io.Copy(io.Discard, hapta)
		return
	}
	there, err := net.Dial("tcp", f.target)
	if err != nil {
		f.Error(err)
		return
	}
	defer there.Close()
	f.running.Go(func() {
		_, _ = io.Copy(there, hapta)
		_ = there.Close()
	})
	x.answer(hapta, there)
}

// answer passes on what PocketBase answers, up to the cut.
func (x fault) answer(hapta *net.TCPConn, there net.Conn) {
	var answer []byte
	sent, buffer := 0, make([]byte, 64<<10)
	for {
		n, err := there.Read(buffer)
		answer = append(answer, buffer[:n]...)
		end := len(answer)
		if x.cut != nil {
			end = min(end, x.cut(answer))
		}
		if _, broken := hapta.Write(answer[sent:end]); err != nil || broken != nil {
			return
		}
		sent = end
		if end < len(answer) {
			x.behind.come(hapta)
			return
		}
	}
}

func (e ending) come(hapta *net.TCPConn) {
	switch e {
	case reset:
		_ = hapta.SetLinger(0) // closing sends a reset
	case stalled:
		_ = hapta.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, hapta)
	}
}

// headerBytes and bodyBytes are where an answer may be cut.
func headerBytes(n int) func([]byte) int { return func([]byte) int { return n } }

func bodyBytes(n int) func([]byte) int {
	return func(answer []byte) int {
		end := bytes.Index(answer, []byte("\r\n\r\n"))
		if end < 0 {
			return len(answer)
		}
		return end + 4 + n
	}
}

func (f *faulty) mostOpen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most
}
