package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/session"
)

// shownSession is a session as its user or the operator sees it. Times have
// PocketBase's form.
type shownSession struct {
	ID         string `json:"id"`
	Collection string `json:"collection"`
	Record     string `json:"record"`
	Device     string `json:"device"`
	Address    string `json:"address"`
	Created    string `json:"created"`
	Used       string `json:"used"`
	Expires    string `json:"expires"`
	Current    bool   `json:"current,omitempty"` // the one that asks
}

// Sessions lists the caller's own sessions, the newest first.
func (g *Gateway) Sessions(ctx context.Context, p *Passage) (*Response, error) {
	caller, err := g.enterSignedIn(ctx, p, limitDefault)
	if err != nil {
		return nil, err
	}
	all, err := g.sessions.List(ctx, caller.CollectionID, caller.RecordID, 0)
	return showSessions(all, caller.ID, err)
}

// EndSession ends one of the caller's own sessions; "current" is the one that
// asks, which signs out.
func (g *Gateway) EndSession(ctx context.Context, p *Passage, id string) (*Response, error) {
	caller, err := g.enterSignedIn(ctx, p, limitNone)
	if err != nil {
		return nil, err
	}
	if id == "current" {
		id = caller.ID
	}
	s, err := g.sessions.Get(ctx, id)
	if errors.Is(err, session.ErrGone) || err == nil && !caller.owns(s.CollectionID, s.RecordID) {
		return nil, apierr.NotFound()
	}
	if err == nil {
		err = g.sessions.End(ctx, id)
	}
	return done(err)
}

// EndSessions ends all of the caller's own sessions, or all but the one that asks.
func (g *Gateway) EndSessions(ctx context.Context, p *Passage, others bool) (*Response, error) {
	caller, err := g.enterSignedIn(ctx, p, limitNone)
	if err != nil {
		return nil, err
	}
	but := ""
	if others {
		but = caller.ID
	}
	_, err = g.sessions.EndUser(ctx, caller.CollectionID, caller.RecordID, but)
	return done(err)
}

// enterSignedIn is enter for routes that have nothing for guests.
func (g *Gateway) enterSignedIn(ctx context.Context, p *Passage, limit string) (*Caller, error) {
	_, caller, err := g.enter(ctx, p, limit)
	if err == nil && caller == nil {
		err = signedOut()
	}
	return caller, err
}

func showSessions(all []session.Session, current string, err error) (*Response, error) {
	if err != nil {
		return nil, apierr.From(err)
	}
	items := make([]shownSession, 0, len(all))
	for i := range all {
		s := all[len(all)-1-i]
		items = append(items, shownSession{
			ID: s.ID, Collection: s.CollectionName, Record: s.RecordID, Device: s.Device, Address: s.Address, Current: s.ID == current,
			Created: s.Created.UTC().Format(types.DefaultDateLayout), Used: s.Used.UTC().Format(types.DefaultDateLayout),
			Expires: s.Expires.UTC().Format(types.DefaultDateLayout),
		})
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// done answers what ends sessions. They have ended here even if the store could
// not be written, but would come back with a restart.
func done(err error) (*Response, error) {
	if err != nil {
		return nil, apierr.From(err)
	}
	return &Response{Status: http.StatusNoContent}, nil
}
