package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/session"
)

// maxShown bounds how many sessions the operator sees at once: the newest.
const maxShown = 1000

// SessionsOf lists the sessions of a user, or of a collection if no record is
// named, for the operator: the newest 1,000.
func (g *Gateway) SessionsOf(ctx context.Context, query url.Values) (*Response, error) {
	collectionID, recordID, err := g.whose(query)
	if err != nil {
		return nil, err
	}
	all, err := g.sessions.List(ctx, collectionID, recordID, maxShown)
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

// EndSessionsOf ends the sessions of a user, or of a collection if no record is
// named, for the operator, and answers how many.
func (g *Gateway) EndSessionsOf(ctx context.Context, query url.Values) (*Response, error) {
	collectionID, recordID, err := g.whose(query)
	if err != nil {
		return nil, err
	}
	n, err := g.sessions.EndUser(ctx, collectionID, recordID, "")
	if err != nil {
		return nil, apierr.From(err)
	}
	g.log.Info("sessions were ended by the admin API", "collection", query.Get("collection"), "record", recordID, "sessions", n)
	body, err := json.Marshal(map[string]int{"ended": n})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// whose reads of whom the operator speaks. A record that is named by nothing, or by
// a parameter that is not known, would be everybody.
func (g *Gateway) whose(query url.Values) (collectionID, recordID string, err error) {
	snap, err := g.take()
	if err != nil {
		return "", "", err
	}
	c, recordID := snap.Schema.Find(query.Get("collection")), query.Get("record")
	for name, values := range query {
		if name != "collection" && name != "record" || len(values) > 1 || values[0] == "" {
			c = nil
		}
	}
	if c == nil || !c.IsAuth() {
		return "", "", apierr.Detailed(apierr.BadQuery, "Name a collection whose records sign in, such as ?collection=users, and perhaps one of them, &record=<id>, and nothing else.")
	}
	return c.Id, recordID, nil
}
