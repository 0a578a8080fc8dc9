package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/session"
)

// maxShown bounds how many sessions the operator sees at once: the newest.
const maxShown = 1000

// SessionsOf lists the sessions of a user, or of a collection if the record is
// empty, for the operator: the newest 1,000.
func (g *Gateway) SessionsOf(ctx context.Context, collection, recordID string) (*Response, error) {
	c, err := g.authCollection(collection)
	if err != nil {
		return nil, err
	}
	all, err := g.sessions.List(ctx, c, recordID, maxShown)
	return showSessions(all, "", err)
}

// EndAnySession ends a session for the operator.
func (g *Gateway) EndAnySession(ctx context.Context, id string) (*Response, error) {
	s, err := g.sessions.Get(ctx, id)
	switch {
	case errors.Is(err, session.ErrGone):
		return nil, apierr.NotFound()
	case err != nil:
		return nil, apierr.From(err)
	}
	err = g.sessions.End(ctx, id)
	g.log.Info("a session was ended by the admin API", "session", s)
	return done(err)
}

// EndSessionsOf ends the sessions of a user, or of a collection if the record is
// empty, for the operator, and answers how many.
func (g *Gateway) EndSessionsOf(ctx context.Context, collection, recordID string) (*Response, error) {
	c, err := g.authCollection(collection)
	if err != nil {
		return nil, err
	}
	n, err := g.sessions.EndUser(ctx, c, recordID, "")
	if err != nil {
		return nil, apierr.From(err)
	}
	g.log.Info("sessions were ended by the admin API", "collection", collection, "record", recordID, "sessions", n)
	body, err := json.Marshal(map[string]int{"ended": n})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// authCollection is the id of a collection whose records sign in.
func (g *Gateway) authCollection(name string) (string, error) {
	snap, err := g.take()
	if err != nil {
		return "", err
	}
	c := snap.Schema.Find(name)
	if c == nil || !c.IsAuth() {
		return "", apierr.Detailed(apierr.BadQuery, "Name a collection whose records sign in, such as ?collection=users, and perhaps one of them, &record=<id>.")
	}
	return c.Id, nil
}
