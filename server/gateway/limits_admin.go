package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/ratelimit"
)

// PutOff lists for the operator who is put off, by which limit and until when: the
// 1,000 that are for longest.
func (g *Gateway) PutOff() (*Response, error) {
	type offender struct {
		Caller  string `json:"caller"`
		Limit   string `json:"limit"`
		Since   string `json:"since"`   // of the first refusal
		Until   string `json:"until"`   // they are put off
		Times   int    `json:"times"`   // they were
		Refused int    `json:"refused"` // requests of theirs
	}
	items := []offender{}
	for _, o := range g.offenders.PutOff(time.Now()) {
		if len(items) == maxShown {
			break
		}
		items = append(items, offender{
			g.nameOf(o.Who), o.What, o.Since.UTC().Format(types.DefaultDateLayout), o.Until.UTC().Format(types.DefaultDateLayout), o.Times, o.Refused,
		})
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// Lift lets somebody in again, for the operator, and answers by how many limits
// they were put off.
func (g *Gateway) Lift(ctx context.Context, query url.Values) (*Response, error) {
	who, err := g.readCaller(query)
	if err != nil {
		return nil, err
	}
	keys := g.offenders.Forget(who, time.Now())
	for _, k := range keys {
		if err := g.limits.PutOff(ctx, k, time.Time{}); err != nil {
			return nil, apierr.From(err)
		}
		g.log.Info("a caller who was put off is let in again by the admin API", "limit", k.What, "caller", g.nameOf(who))
	}
	body, err := json.Marshal(map[string]int{"lifted": len(keys)})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// readCaller reads whom the operator names, as PutOff names them.
func (g *Gateway) readCaller(query url.Values) (ratelimit.Caller, error) {
	text := query.Get("caller")
	snap, err := g.take()
	if err != nil {
		return ratelimit.Caller{}, err
	}
	if len(query) == 1 && len(query["caller"]) == 1 {
		if a, err := netip.ParseAddr(text); err == nil {
			return ratelimit.Caller{Network: clientip.Network(a, 64)}, nil
		}
		if n, err := netip.ParsePrefix(text); err == nil {
			return ratelimit.Caller{Network: n}, nil
		}
		collection, record, ok := strings.Cut(text, "/")
		if collection == sessions && ok {
			return ratelimit.Caller{Collection: collection, Record: record}, nil
		}
		if c := snap.Schema.Find(collection); ok && c != nil {
			return ratelimit.Caller{Collection: c.Id, Record: record}, nil
		}
	}
	return ratelimit.Caller{}, apierr.Detailed(apierr.BadQuery, "Name who is put off as the list does: ?caller=203.0.113.7, ?caller=2001:db8::/64 or ?caller=users/ID, and nothing else.")
}
