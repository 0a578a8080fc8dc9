package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/httpapi/plain"
)

func (s *Server) cacheState(context.Context, *request) (*gateway.Response, error) {
	body, err := json.Marshal(s.gateway.CacheState())
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonAnswer(http.StatusOK, string(body)), nil
}

// purgeCache drops what is kept.
func (s *Server) purgeCache(_ context.Context, r *request) (*gateway.Response, error) {
	if _, raw := plain.Target(string(r.RequestURI())); !namesWhatToPurge(raw) {
		return nil, apierr.Detailed(apierr.BadQuery, "Name what is to be dropped as ?collection=posts, or one record of it as ?collection=posts&record=ID, and nothing else; without both it is all there is.")
	}
	if err := s.gateway.PurgeCache(r.query.Get("collection"), r.query.Get("record")); err != nil {
		return nil, err
	}
	return &gateway.Response{Status: http.StatusNoContent}, nil
}

// namesWhatToPurge refuses what is mistyped, which would drop all or more than was meant.
func namesWhatToPurge(raw string) bool {
	query, err := url.ParseQuery(raw)
	for name, values := range query {
		if name != "collection" && name != "record" || len(values) > 1 || values[0] == "" {
			return false
		}
	}
	return err == nil
}
