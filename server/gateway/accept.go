package gateway

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/session"
)

// accept turns one of PocketBase's own user tokens into a caller, where
// [sessions] accept_pocketbase_tokens has it. It is proved as a session's is,
// and believed as long. Superusers' tokens and spent ones are a guest's.
func (g *Gateway) accept(ctx context.Context, snap *Snapshot, p *Passage) (*Caller, error) {
	if !snap.Settings.AcceptTokens {
		return nil, nil
	}
	token := bare(p.Token)
	t, ok := readUpstreamToken(token)
	if !ok || !isCanonical(token) || t.Type != core.TokenTypeAuth || t.ID == "" || t.ExpiresAt == nil || !time.Now().Before(t.ExpiresAt.Time) {
		return nil, nil
	}
	c := snap.Schema.Find(t.CollectionID)
	if c == nil || c.Id != t.CollectionID || !c.IsAuth() || c.Name == core.CollectionNameSuperusers {
		return nil, nil
	}
	id := session.TokenID(token)
	s, known := g.sessions.Accepted(id)
	if !known {
		spent, err := g.sessions.Spent(ctx, id)
		if err != nil {
			return nil, apierr.From(err)
		}
		if spent {
			return nil, nil
		}
		// It may be anything so far, and PocketBase has to be asked about it.
		if err := g.limit(ctx, snap, p, nil, toll{snap.access[c.Id].quotas[limitAuth], 1}); err != nil {
			return nil, err
		}
		s = session.Session{
			ID: id, Accepted: true, Upstream: token, CollectionID: c.Id, CollectionName: c.Name, RecordID: t.ID,
			Created: time.Now(), Expires: t.ExpiresAt.Time, Refreshable: t.Refreshable,
		}
	}
	return g.callerOf(ctx, snap, s, 0)
}
