package gateway

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/session"
)

// Caller is the signed-in record that a request speaks for.
type Caller struct {
	session.Session
	generation int64 // of the token that they came with
}

// owns tells whether the caller is this very record.
func (c *Caller) owns(collectionID, recordID string) bool {
	return c != nil && recordID != "" && c.RecordID == recordID && c.CollectionID == collectionID
}

// session is the id of the caller's; a guest has none.
func (c *Caller) session() string {
	if c == nil {
		return ""
	}
	return c.ID
}

// upstream is the caller's own PocketBase token; a guest has none.
func (c *Caller) upstream() string {
	if c == nil {
		return ""
	}
	return c.Upstream
}

// identify turns a token into a caller. What does not verify is a guest, as in
// PocketBase. The PocketBase token behind a session is believed for as long as
// [sessions] recheck and then proved again, so that a changed password or a
// deleted user ends the session here too.
func (g *Gateway) identify(ctx context.Context, snap *Snapshot, p *Passage) (*Caller, error) {
	if p.Token == "" {
		return nil, nil
	}
	s, generation, err := g.sessions.Identify(ctx, snap.Settings.Sessions, bare(p.Token))
	switch {
	case errors.Is(err, session.ErrToken):
		return g.accept(ctx, snap, p)
	case errors.Is(err, session.ErrGone), errors.Is(err, session.ErrStolen):
		return nil, nil
	case err != nil:
		return nil, apierr.From(err)
	}
	return g.callerOf(ctx, snap, s, generation)
}

// callerOf is the caller of a session; nil when PocketBase has ended it.
func (g *Gateway) callerOf(ctx context.Context, snap *Snapshot, s session.Session, generation int64) (*Caller, error) {
	if time.Since(s.Proved) >= snap.Settings.Recheck {
		if holds, err := g.prove(ctx, s); !holds {
			return nil, err
		}
	}
	return &Caller{s, generation}, nil
}

// bare is the token without the scheme that some clients put before it.
func bare(token string) string {
	if len(token) > 7 && strings.EqualFold(token[:7], "bearer ") {
		return token[7:]
	}
	return token
}

// prove asks PocketBase whether a session's token still holds. Requests of one
// session that need the proof at the same time share it.
func (g *Gateway) prove(ctx context.Context, s session.Session) (bool, error) {
	holds, err, _ := g.proofs.Do(s.ID, func() (any, error) {
		// The first to ask may go away; the others still need the proof.
		return g.proveOnce(context.WithoutCancel(ctx), s)
	})
	return err == nil && holds == true, err
}

func (g *Gateway) proveOnce(ctx context.Context, s session.Session) (bool, error) {
	began := time.Now()
	_, _, err := g.db.Prove(ctx, s.CollectionID, s.Upstream)
	switch {
	case errors.Is(err, pocketbase.ErrRejected) && s.Accepted:
		g.sessions.Forget(s.ID)
		return false, nil
	case errors.Is(err, pocketbase.ErrRejected):
		g.log.Info("session ended: PocketBase no longer accepts its user", "session", s)
		if err := g.sessions.End(ctx, s.ID); err != nil {
			g.log.Error("an ended session could not be removed; it ends again at its next use", "session", s, "cause", err)
		}
		return false, nil
	case err != nil:
		return false, unavailable(err)
	}
	if s.Accepted {
		s.Proved = began
		holds, err := g.sessions.Accept(ctx, s) // or it was spent meanwhile
		if err != nil {
			return false, apierr.From(err)
		}
		return holds, nil
	}
	g.sessions.Proved(s.ID, began) // the kept token stays: it lives as long as the session
	return true, nil
}
