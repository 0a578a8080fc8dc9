package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// AsSuperuser passes a request on as it is if it brings the token of a
// superuser, or of a superuser for files. The answer is nil for all others.
//
// PocketBase takes a token that does not hold for no token at all. A request
// that went on with one would meet the database's rules as a guest, past the
// policies, so each token is proved first.
func (g *Gateway) AsSuperuser(ctx context.Context, p *Passage, method, path string) (*Response, error) {
	snap, err := g.take()
	if err != nil {
		return nil, nil // the route itself says so
	}
	token, file := bare(p.Token), p.Query.Get("token")
	isAuth := snap.claimsSuperuser(token, core.TokenTypeAuth)
	isFile := !isAuth && strings.HasPrefix(path, "/api/files/") && snap.claimsSuperuser(file, core.TokenTypeFile)
	if !isAuth && !isFile {
		return nil, nil
	}
	if err := g.limit(ctx, snap, p, nil, toll{snap.quotas[limitPassthrough], 1}); err != nil {
		return nil, err
	}
	var proved bool
	if isAuth {
		proved, err = g.provesSuperuser(ctx, p, token)
	} else {
		token = "" // the one in the URL counts
		proved, err = g.provesFileToken(ctx, p, file)
	}
	if !proved || err != nil {
		return nil, err
	}
	answer, err := g.forward(ctx, p, method, path, token, snap.Settings.Bodies.Passed)
	if method != http.MethodGet && method != http.MethodHead && !g.db.TellsFirst() {
		g.changed(pocketbase.Change{Gap: true}) // a superuser may change anything
	}
	return answer, err
}

// NamesSuperusers tells whether a client names the superusers' collection.
func (g *Gateway) NamesSuperusers(nameOrID string) bool {
	snap := g.snapshot.Load()
	if snap == nil {
		return false
	}
	c := snap.Schema.Find(nameOrID)
	return c != nil && c.Name == core.CollectionNameSuperusers
}

// claimsSuperuser tells whether a token says that it is a superuser's.
func (s *Snapshot) claimsSuperuser(token, kind string) bool {
	t, ok := readUpstreamToken(token)
	superusers := s.Schema.Find(core.CollectionNameSuperusers)
	return ok && t.Type == kind && superusers != nil && t.CollectionID == superusers.Id
}

func (g *Gateway) provesSuperuser(ctx context.Context, p *Passage, token string) (bool, error) {
	status, err := g.statusOf(ctx, p, &pocketbase.Request{Method: http.MethodPost, Path: "/api/collections/_superusers/auth-refresh", Token: token})
	return status == http.StatusOK, err
}

// provesFileToken asks for a backup that is not there: it is missing to a
// superuser's file token and forbidden to all else (apis/backup.go). Both are
// asked for, since what stands before PocketBase may hide its backups.
func (g *Gateway) provesFileToken(ctx context.Context, p *Passage, token string) (bool, error) {
	backup := pocketbase.Request{Method: http.MethodGet, Path: "/api/backups/none"}
	without, err := g.statusOf(ctx, p, &backup)
	if err != nil || without != http.StatusForbidden {
		return false, err
	}
	backup.RawQuery = url.Values{"token": {token}}.Encode()
	with, err := g.statusOf(ctx, p, &backup)
	return with == http.StatusNotFound, err
}

// statusOf is PocketBase's answer to a question about a token. It is asked from
// the client's own address, for superusers may be bound to some.
func (g *Gateway) statusOf(ctx context.Context, p *Passage, req *pocketbase.Request) (int, error) {
	req.ClientAddr, req.Header = p.Client, passedOn(p.Header())
	req.Header.Del("Content-Type") // of a body that is not sent here
	answer, err := g.db.Fetch(ctx, req)
	if err == nil && (answer.Status == http.StatusTooManyRequests || answer.Status >= http.StatusInternalServerError) {
		err = fmt.Errorf("%w: it answers the proof of a superuser with status %d", pocketbase.ErrUnavailable, answer.Status)
	}
	if err != nil {
		return 0, unavailable(err)
	}
	return answer.Status, nil
}
