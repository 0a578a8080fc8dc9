package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// RemoteConfig says where a PocketBase runs and who Hapta is there.
type RemoteConfig struct {
	URL                       string // http or https; may have a path prefix
	AdminEmail, AdminPassword string // a superuser
	// MaxConnections bounds the connections of Fetch, and once more those of
	// Stream; 0 for no bound. Event streams have a bound of their own.
	MaxConnections int
	// Timeout bounds the answer to a Fetch, and how long a body or a Stream may
	// do without a byte. It must be positive.
	Timeout time.Duration
}

// maxEvents bounds the event streams, each of which holds a connection for as
// long as its client listens. It stays well below the ports that a host has for
// connections to one other (28,000 on Linux, ip_local_port_range).
const maxEvents = 10_000

type remote struct {
	base            *url.URL
	email, password string
	timeout         time.Duration
	log             *slog.Logger

	// Kinds of requests have connections of their own, so that none can take
	// those of another: many downloads, or many listeners, stop no other request,
	// and a probe does not wait behind what it is to find out about.
	own, calls, streams, events *http.Transport

	gate    gate
	closing context.Context // ends what close need not wait for
	hangUp  context.CancelFunc

	session atomic.Pointer[superuserSession] // nil when signed out
	signing chan struct{}                    // holds one token: whoever has it signs in
	failed  time.Time                        // when signing in again failed last; for whoever signs in
	breaker breaker
	feed    *feed
	poke    chan struct{} // asks run to look now
}

// OpenRemote prepares a remote PocketBase and returns at once; Run reaches out.
// Mistakes in the configuration are a *SetupError.
func OpenRemote(_ context.Context, cfg RemoteConfig, log *slog.Logger) (*Database, error) {
	base, err := parseBase(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.AdminEmail == "" || cfg.AdminPassword == "" {
		return nil, &SetupError{Key: "ADMIN_EMAIL, ADMIN_PASSWORD", Err: ErrCredentials,
			Reason: "a PocketBase of its own needs both; set them to a superuser of " + base.String()}
	}
	r := &remote{
		base: base, email: cfg.AdminEmail, password: cfg.AdminPassword, timeout: cfg.Timeout, log: log,
		own: newTransport(0), calls: newTransport(cfg.MaxConnections),
		streams: newTransport(cfg.MaxConnections), events: newTransport(maxEvents),
		signing: make(chan struct{}, 1), poke: make(chan struct{}, 1),
	}
	r.closing, r.hangUp = context.WithCancel(context.Background())
	r.signing <- struct{}{}
	d := newDatabase(r, log)
	r.feed = newFeed(r, d)
	return d, nil
}

func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	switch {
	case err != nil:
		err = errors.New("it is no URL") // the parser's error would repeat a password in it
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "":
		err = errors.New("it does not begin with http:// or https:// and a host")
	case base.User != nil, base.RawQuery != "", base.Fragment != "":
		err = errors.New("it holds more than a host and a path")
	default:
		return base, nil
	}
	return nil, &SetupError{Key: "DB_URL ([upstream] url)", Err: err,
		Reason: fmt.Sprintf("%v; give the address of PocketBase, such as http://127.0.0.1:8090", err)}
}

func (r *remote) ready() bool { return r.breaker.isClosed() && !r.gate.isClosed() }

func (r *remote) live() bool { return r.feed.live() }

func (r *remote) superuser() (string, error) {
	s := r.session.Load()
	if s == nil || !time.Now().Before(s.expires) {
		return "", fmt.Errorf("%w: the superuser is not signed in", ErrNotSent)
	}
	return s.token, nil
}

func (r *remote) close(ctx context.Context) error {
	if !r.gate.close() {
		return nil
	}
	r.hangUp()
	err := r.gate.wait(ctx)
	for _, t := range []*http.Transport{r.own, r.calls, r.streams, r.events} {
		t.CloseIdleConnections()
	}
	return err
}
