package httpapi

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hapta/hapta/server/metrics"
)

func admitting(a Admission) func(*Options) { return func(o *Options) { o.Admission = a } }

// dialFrom connects from an address of this machine.
func (f *face) dialFrom(address string) *wire {
	f.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	c, err := d.DialContext(f.Context(), "tcp", f.addr)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	return newWire(f.T, c)
}

const live = "GET /api/hapta/health/live HTTP/1.1\r\nHost: hapta\r\n\r\n"

// serves asserts that a connection is served, and leaves it open.
func (w *wire) serves() *wire {
	w.Helper()
	w.send(live)
	w.receive("GET").is(200, "")
	return w
}

// turnedAway asserts that a connection is one too many, and that its client is told.
func (w *wire) turnedAway() {
	w.Helper()
	a := w.receive("GET").is(503, "too_many_connections")
	if a.header.Get("Retry-After") == "" || a.header.Get("X-Request-Id") == "" || a.header.Get("Content-Type") != "application/json" {
		w.Errorf("it is told %v", a.header)
	}
	w.ended()
}

// ended waits until the server has closed a connection, and returns what came.
func (w *wire) ended() string {
	w.Helper()
	rest, err := io.ReadAll(w.in)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		w.Errorf("the connection ends with %v", err)
	}
	return string(rest)
}

// sendsABody begins a request, and waits until its body is asked for.
func (w *wire) sendsABody() *wire {
	w.Helper()
	w.send(making + "Expect: 100-continue\r\nContent-Length: 13\r\n\r\n")
	w.receive("POST").is(100, "")
	return w
}

// until waits for what comes to be by itself.
func until(is func() bool) {
	for !is() {
		time.Sleep(time.Millisecond)
	}
}

func (s *connections) count() (open, addresses int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open), len(s.from)
}

func (f *face) awaitConnections(n int) {
	until(func() bool { open, _ := f.connections.count(); return open == n })
}

func TestConnectionsOfOneAddress(t *testing.T) {
	f := newFace(t, admitting(Admission{ConnectionsPerAddress: 2}))
	one := f.dialFrom("127.0.0.2").serves()
	f.dialFrom("127.0.0.2").serves()
	f.dialFrom("127.0.0.2").turnedAway()
	f.dialFrom("127.0.0.3").serves()
	one.serves()

	_ = one.Close()
	f.awaitConnections(2)
	f.dialFrom("127.0.0.2").serves()
	f.dialFrom("127.0.0.2").turnedAway()
}

// A connection that fasthttp gives away counts until it ends.
func TestConnectionsThatAreGivenAway(t *testing.T) {
	f := newFace(t, admitting(Admission{ConnectionsPerAddress: 1}))
	w := f.dialFrom("127.0.0.2")
	w.send("GET /api/realtime HTTP/1.0\r\nHost: hapta\r\n\r\n")
	if line, err := w.in.ReadString('\n'); err != nil || line != "HTTP/1.1 200 OK\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	f.dialFrom("127.0.0.2").turnedAway()
	f.gateway.CutStreams()
	w.ended()
	f.awaitConnections(0)
	f.dialFrom("127.0.0.2").serves()
}

func TestProxiesAndExemptAddressesHaveManyConnections(t *testing.T) {
	f := newFace(t, func(o *Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.4/32")}
		o.Admission = Admission{Connections: 7, ConnectionsPerAddress: 1, Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.8/29")}}
	})
	for range 3 {
		f.dialFrom("127.0.0.4").sendsABody()
		f.dialFrom("127.0.0.9").sendsABody()
	}
	f.dialFrom("127.0.0.2").streams()
	f.dialFrom("127.0.0.2").turnedAway()
	f.dialFrom("127.0.0.4").turnedAway() // those in all are for everybody
	f.dialFrom("127.0.0.9").turnedAway()
	if open, addresses := f.connections.count(); open != 7 || addresses != 1 {
		t.Errorf("%d are open, of %d addresses that count", open, addresses)
	}
}

// streams begins an event stream, so that the connection does not wait for a request.
func (w *wire) streams() *wire {
	w.Helper()
	w.send("GET /api/realtime HTTP/1.1\r\nHost: hapta\r\n\r\n")
	r, err := http.ReadResponse(w.in, nil)
	if err != nil || r.StatusCode != 200 {
		w.Fatalf("%v, %v", r, err)
	}
	return w
}

// One that waits for its next request makes room for a new one, and one at work
// does not.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	f := newFace(t, admitting(Admission{Connections: 3}))
	events := f.dial().streams()
	longest := f.dial().serves()
	f.awaitIdle(1)
	shorter := f.dial().serves()
	f.awaitIdle(2)
	third := f.dial().serves()
	if rest := longest.ended(); rest != "" {
		t.Errorf("it ends with %q", rest)
	}
	shorter.serves()
	third.streams()
	f.awaitIdle(1)
	f.dial().sendsABody()
	shorter.ended()
	f.dial().turnedAway()
	if line, err := events.in.ReadString('\n'); err != nil || line == "" {
		t.Errorf("the stream has ended: %v", err)
	}
	if open, addresses := f.connections.count(); open != 3 || addresses != 1 {
		t.Errorf("%d are open, of %d addresses", open, addresses)
	}
}

// awaitIdle waits until so many connections wait for their next request.
func (f *face) awaitIdle(n int) {
	until(func() bool {
		f.connections.mu.Lock()
		defer f.connections.mu.Unlock()
		idle := 0
		for c := range f.connections.open {
			if c.idle.Load() > 0 {
				idle++
			}
		}
		return idle == n
	})
}

// What has made room hands no request on, for its client could not be answered.
func TestClaimedConnectionsReadNoRequest(t *testing.T) {
	f := newFace(t, nil)
	here, there := net.Pipe()
	defer here.Close()
	c := newConn(there, f.connections)
	defer c.Close()
	read := make(chan error)
	go func() {
		n, err := c.Read(make([]byte, 100))
		if n > 0 {
			t.Errorf("%d bytes are read", n)
		}
		read <- err
	}()
	until(func() bool { return c.idle.Load() > 0 })
	if !c.claim(c.idle.Load()) {
		t.Error("it cannot be claimed")
	}
	if _, err := io.WriteString(here, live); err != nil {
		t.Error(err)
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading ends with %v", err)
	}
}

func TestAddressesThatCount(t *testing.T) {
	f := newFace(t, trusting)
	g := func(address, want string) {
		t.Helper()
		got := f.connections.counted(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address)), &Admission{Exempt: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
		if got.IsValid() != (want != "") || want != "" && got != netip.MustParseAddr(want) {
			t.Errorf("%s counts as %v; want %q", address, got, want)
		}
	}
	g("192.0.2.1:80", "192.0.2.1")
	g("[::ffff:192.0.2.1]:80", "192.0.2.1")
	g("[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::")
	g("[fe80::1%lo]:80", "fe80::")
	g("127.0.0.1:80", "")
	g("[::ffff:127.0.0.1]:80", "")
	g("10.1.2.3:80", "")
}

// securely has a face listen with TLS.
func securely(t *testing.T, a Admission) (addr string) {
	t.Helper()
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	s := New(Options{Admission: a, Log: newFace(t, nil).log, Counts: metrics.New()})
	s.gateway = newFace(t, nil).gateway
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(tls.NewListener(l, &tls.Config{Certificates: certified.TLS.Certificates})) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Shutdown(t.Context()), <-done); err != nil && !errors.Is(err, t.Context().Err()) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func TestConnectionsWithTLS(t *testing.T) {
	addr := securely(t, Admission{ConnectionsPerAddress: 1, HeaderTimeout: time.Minute})
	config := &tls.Config{InsecureSkipVerify: true}
	c, err := tls.Dial("tcp", addr, config)
	if err != nil {
		t.Fatal(err)
	}
	first := newWire(t, c)
	first.serves()
	silent, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if rest, err := io.ReadAll(silent); len(rest) > 0 || err != nil { // nobody shakes hands with it
		t.Errorf("%q, %v", rest, err)
	}
	first.serves()
	_ = c.Close()
}

// A handshake that does not come is awaited no longer than a header.
func TestSlowHandshake(t *testing.T) {
	c, err := net.Dial("tcp", securely(t, Admission{HeaderTimeout: 50 * time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Error(err)
	}
}

// exhausted is a listener of a process that may open no more, at first.
type exhausted struct {
	net.Listener
	times int
}

func (l *exhausted) Accept() (net.Conn, error) {
	if l.times > 0 {
		l.times--
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

func TestTooManyOpenFilesEndNothing(t *testing.T) {
	var log strings.Builder
	f := newFace(t, nil)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newListener(&exhausted{inner, 2}, f.connections, textLog(&log), metrics.New())
	defer l.Close()
	here, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "limit of open files") {
		t.Errorf("the log says %q", said)
	}
}

func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
