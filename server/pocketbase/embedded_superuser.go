package pocketbase

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

const (
	// ownEmail is the superuser that Hapta makes for itself when none is named.
	ownEmail = "hapta@localhost.internal"
	// localTokenLife is how long a token minted in process lives. It is renewed
	// at half of it, so that one in use lasts half of it at least.
	localTokenLife = time.Hour
)

// localSuperuser is the superuser of the embedded PocketBase. Tokens are minted
// in process, so its password matters to people only.
type localSuperuser struct {
	app             core.App
	email, password string // as configured
	secretFile      string
	log             *slog.Logger

	minting sync.Mutex // one at a time, or all would make one that is missing

	mu        sync.Mutex
	token     string
	record    *core.Record // whose token it is; only read
	previous  string
	renewAt   time.Time
	forgotten int // how often
}

func newLocalSuperuser(app core.App, cfg EmbeddedConfig, log *slog.Logger) *localSuperuser {
	s := &localSuperuser{
		app: app, email: cfg.AdminEmail, password: cfg.AdminPassword, log: log,
		secretFile: filepath.Join(cfg.StateDir, "superuser.env"),
	}
	// A changed password or secret ends the tokens made before.
	forget := func(e *core.RecordEvent) error { s.forget(); return e.Next() }
	app.OnRecordAfterUpdateSuccess(core.CollectionNameSuperusers).BindFunc(forget)
	app.OnRecordAfterDeleteSuccess(core.CollectionNameSuperusers).BindFunc(forget)
	app.OnCollectionAfterUpdateSuccess(core.CollectionNameSuperusers).BindFunc(func(e *core.CollectionEvent) error {
		s.forget()
		return e.Next()
	})
	return s
}

func (s *localSuperuser) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgotten++
	s.previous, s.token, s.record = s.token, "", nil
}

// owns tells whether the token is the superuser's newest or the one before.
func (s *localSuperuser) owns(token string) bool {
	if token == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return token == s.token || token == s.previous
}

// behind is a copy of the record whose newest token it is, nil for any other token.
func (s *localSuperuser) behind(token string) *core.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token == "" || token != s.token {
		return nil
	}
	return s.record.Original()
}

func (s *localSuperuser) get() (string, error) {
	if token := s.minted(); token != "" {
		return token, nil
	}
	s.minting.Lock()
	defer s.minting.Unlock()
	if token := s.minted(); token != "" {
		return token, nil
	}
	return s.mint()
}

// minted is the newest token, empty when it is time for another one.
func (s *localSuperuser) minted() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().After(s.renewAt) {
		return ""
	}
	return s.token
}

// mint does not hold mu while it works with the database, whose hooks take it. What has
// changed meanwhile is not kept.
func (s *localSuperuser) mint() (string, error) {
	s.mu.Lock()
	forgotten := s.forgotten
	s.mu.Unlock()
	record, err := s.find()
	if errors.Is(err, sql.ErrNoRows) { // deleted in the dashboard
		if err = s.ensure(); err == nil {
			record, err = s.find()
		}
	}
	if err != nil {
		return "", fmt.Errorf("%w: the superuser cannot be read: %w", ErrNotSent, err)
	}
	token, err := record.NewStaticAuthToken(localTokenLife)
	if err != nil {
		return "", fmt.Errorf("%w: no token for the superuser: %w", ErrNotSent, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forgotten != forgotten {
		return token, nil
	}
	s.previous, s.token, s.record = s.token, token, record
	s.renewAt = time.Now().Add(localTokenLife / 2)
	return token, nil
}

type superuserKey struct{}

// withSuperuser lets recognize find whose token it is.
func (s *localSuperuser) withSuperuser(ctx context.Context, token string) context.Context {
	if record := s.behind(token); record != nil {
		return context.WithValue(ctx, superuserKey{}, record)
	}
	return ctx
}

// recognize spares PocketBase reading the superuser and proving its token for each
// request. Only who runs PocketBase's handler in this process can put a record into a
// request's context.
func (s *localSuperuser) recognize(ev *core.ServeEvent) {
	ev.Router.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "haptaSuperuser",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(request *core.RequestEvent) error {
			if record, ok := request.Request.Context().Value(superuserKey{}).(*core.Record); ok {
				request.Auth = record
			}
			return request.Next()
		},
	})
}

func (s *localSuperuser) address() string {
	if s.email == "" {
		return ownEmail
	}
	return s.email
}

func (s *localSuperuser) find() (*core.Record, error) {
	return s.app.FindAuthRecordByEmail(core.CollectionNameSuperusers, s.address())
}
