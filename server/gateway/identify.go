package gateway

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/session"
)

// Caller is the signed-in record that a request speaks for.
type Caller struct{ session.Session }

// owns tells whether the caller is this very record.
func (c *Caller) owns(collectionID, recordID string) bool {
	return c != nil && recordID != "" && c.RecordID == recordID && c.CollectionID == collectionID
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
func (g *Gateway) identify(ctx context.Context, snap *Snapshot, token string) (*Caller, error) {
	id, err := g.tokens.Verify(bare(token))
	if err != nil {
		return g.accept(ctx, snap, bare(token))
	}
	return g.callerOf(ctx, snap, id)
}

// callerOf is the caller of a session; nil when it has ended.
func (g *Gateway) callerOf(ctx context.Context, snap *Snapshot, sessionID string) (*Caller, error) {
	s, ok := g.sessions.Get(sessionID)
	if !ok {
		return nil, nil
	}
	if time.Since(s.Proved) < snap.Settings.Recheck {
		return &Caller{s}, nil
	}
	return g.prove(ctx, s)
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
func (g *Gateway) prove(ctx context.Context, s session.Session) (*Caller, error) {
	proved, err, _ := g.proofs.Do(s.ID, func() (any, error) {
		// The first to ask may go away; the others still need the proof.
		return g.proveOnce(context.WithoutCancel(ctx), s)
	})
	if err != nil {
		return nil, err
	}
	caller, _ := proved.(*Caller)
	return caller, nil
}

func (g *Gateway) proveOnce(ctx context.Context, s session.Session) (*Caller, error) {
	began := time.Now()
	_, _, err := g.db.Prove(ctx, s.CollectionID, s.Upstream)
	switch {
	case errors.Is(err, pocketbase.ErrRejected) && s.Accepted:
		g.sessions.Forget(s.ID)
		return nil, nil
	case errors.Is(err, pocketbase.ErrRejected):
		g.log.Info("session ended: PocketBase no longer accepts its user", "session", s)
		return nil, g.sessions.Delete(ctx, s.ID)
	case err != nil:
		return nil, unavailable(err)
	}
	if s.Accepted {
		if s.Proved = began; !g.sessions.Accept(s) {
			return nil, nil // spent meanwhile
		}
		return &Caller{s}, nil
	}
	g.sessions.Proved(s.ID, began) // the kept token stays: it lives as long as the session
	return &Caller{s}, nil
}
