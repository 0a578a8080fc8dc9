package pocketbase

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
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

func (s *localSuperuser) address() string {
	if s.email == "" {
		return ownEmail
	}
	return s.email
}

func (s *localSuperuser) find() (*core.Record, error) {
	return s.app.FindAuthRecordByEmail(core.CollectionNameSuperusers, s.address())
}
