package httpapi

import (
	"context"
	"log/slog"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/seldom"
)

// Options are what the server needs to know.
type Options struct {
	Gateway      *gateway.Gateway
	Admin        *Admin        // nil: the admin API is off
	Secret       []byte        // keys the tags of answers: the same secret, the same tags
	Timeout      time.Duration // for a whole answer of the database, behind the request
	CORSOrigins  []string
	Proxies      clientip.Proxies // whose X-Forwarded-For is believed
	Admission    Admission        // to begin with; see Admit
	Passthrough  []string         // path prefixes of the app's own routes
	SuperuserAPI bool             // let superusers through to PocketBase
	Log          *slog.Logger
	Counts       *metrics.Metrics
}

// Server answers HTTP/1.1 requests.
type Server struct {
	http    *fasthttp.Server
	gateway *gateway.Gateway
	admin   *Admin
	timeout time.Duration
	tags    tags
	cors    cors
	proxies clientip.Proxies
	own     ownRoutes
	exposed bool // superusers are let through to PocketBase
	log     *slog.Logger
	counts  *metrics.Metrics

	admission   atomic.Pointer[Admission]
	connections *connections
	working     atomic.Int64 // requests
	streaming   atomic.Int64 // answers without an end of their own
	overloaded  seldom.Gate

	base     context.Context // parent of every request; ended by Shutdown
	end      context.CancelFunc
	draining atomic.Bool

	mu       sync.Mutex
	listener net.Listener
}

const maxHeader = 16 << 10 // bytes, request line included

// New returns a server that is ready to serve.
func New(o Options) *Server {
	s := &Server{
		gateway: o.Gateway, admin: o.Admin, timeout: o.Timeout, tags: newTags(o.Secret), cors: newCORS(o.CORSOrigins), proxies: o.Proxies,
		exposed: o.SuperuserAPI, log: o.Log, counts: o.Counts,
	}
	s.own.prefixes = o.Passthrough
	s.Admit(o.Admission)
	s.connections = newConnections(&s.admission, o.Proxies)
	s.base, s.end = context.WithCancel(context.Background())
	s.http = &fasthttp.Server{
		Handler:        s.entry(s.routes()),
		ErrorHandler:   malformed,
		ExpectHandler:  expect,
		ConnState:      follow,
		ReadBufferSize: maxHeader,
		// A page of records leaves at once; with the standard 4 KiB it takes a write
		// more, which costs a fifth of a hit. Each open connection keeps it.
		WriteBufferSize: maxPiece,
		Concurrency:     math.MaxInt32, // connections bounds them, and minds their time

		// Bodies are streamed and counted by whoever reads them; multipart ones
		// are not spooled before anyone asked for them.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,

		NoDefaultServerHeader: true,
		CloseOnShutdown:       true,
		Logger:                quiet{o.Log},
	}
	return s
}

// Serve accepts connections until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	bounded := newListener(l, s.connections, s.log, s.counts)
	if !s.begin(bounded) {
		return bounded.Close()
	}
	defer bounded.telling.Wait()
	return s.http.Serve(bounded)
}

// begin keeps the listener, which fasthttp learns of a moment later: a shutdown
// in between would not close it.
func (s *Server) begin(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = l
	return !s.draining.Load()
}

// Shutdown takes no new work and waits for what runs. When ctx ends first, what
// still runs is cut off.
func (s *Server) Shutdown(ctx context.Context) error {
	s.drain()
	s.gateway.CutStreams()
	err := s.http.ShutdownWithContext(ctx)
	s.end()
	return err
}

func (s *Server) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining.Store(true)
	if s.listener != nil {
		_ = s.listener.Close() // only ever fails for being closed
	}
}

// quiet keeps fasthttp's lines about broken connections out of sight: they
// are clients' doing.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, args ...any) { q.log.Debug("http", "event", format, "args", args) }
