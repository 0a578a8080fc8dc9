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
	// MaxConnections bounds the connections of Fetch; 0 for no bound. Streams
	// have one each beyond it, for they stay open as long as their client does.
	MaxConnections int
	// Timeout bounds a Fetch, and how long a Stream waits for its header. It
	// must be positive.
	Timeout time.Duration
}

type remote struct {
	base            *url.URL
	email, password string
	timeout         time.Duration
	calls, streams  *http.Transport
	log             *slog.Logger

	gate    gate
	closing context.Context // ends what close need not wait for
	hangUp  context.CancelFunc

	session atomic.Pointer[superuserSession] // nil when signed out
	signing chan struct{}                    // holds one token: whoever has it signs in
	failed  time.Time                        // when signing in again failed last; for whoever signs in
	live    atomic.Bool                      // the last contact went well
	poke    chan struct{}                    // asks run to look now
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
		calls: newTransport(cfg.Timeout), streams: newTransport(cfg.Timeout),
		signing: make(chan struct{}, 1), poke: make(chan struct{}, 1),
	}
	r.calls.MaxConnsPerHost = cfg.MaxConnections
	r.calls.MaxIdleConnsPerHost = max(cfg.MaxConnections, http.DefaultMaxIdleConnsPerHost)
	r.closing, r.hangUp = context.WithCancel(context.Background())
	r.signing <- struct{}{}
	return newDatabase(r, log), nil
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

func (r *remote) ready() bool { return r.live.Load() && !r.gate.isClosed() }

func (r *remote) superuser() (string, error) {
	s := r.session.Load()
	if s == nil || !time.Now().Before(s.expires) {
		return "", fmt.Errorf("%w: the superuser is not signed in", ErrUnavailable)
	}
	return s.token, nil
}

func (r *remote) close(ctx context.Context) error {
	if !r.gate.close() {
		return nil
	}
	r.hangUp()
	err := r.gate.wait(ctx)
	r.calls.CloseIdleConnections()
	r.streams.CloseIdleConnections()
	return err
}
