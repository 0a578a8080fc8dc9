package gateway

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/hapta/hapta/server/ratelimit"
)

// What limits are set for, as [ratelimits] names it: each operation on records
// by its own name, and these.
const (
	limitDefault     = "default"
	limitAuth        = "auth"
	limitRealtime    = "realtime"
	limitFiles       = "files"
	limitBatch       = "batch"
	limitPassthrough = "passthrough"
	limitNone        = "" // signing out: whoever has stolen a token must not keep its owner from it
)

// Rate is one section of [ratelimits].
type Rate struct {
	Limit   int // at once; 0: not limited
	Every   time.Duration
	MaxUses int64 // within a session's life; 0: not limited
}

// quota is a limit in force.
type quota struct {
	name    string // "list", or "posts/list" for a collection's own
	limit   ratelimit.Limit
	maxUses int64
	policy  string // what RateLimit-Policy says of it
	told    string // what who is refused is told of it
}

// quotas are limits by what they are set for. What is not limited has none.
type quotas map[string]*quota

func newQuotas(rates map[string]Rate, prefix string) quotas {
	out := quotas{}
	for name, r := range rates {
		if r.Limit > 0 || r.MaxUses > 0 {
			out[name] = newQuota(prefix+name, r)
		}
	}
	return out
}

func newQuota(name string, r Rate) *quota {
	out := &quota{name: name, maxUses: r.MaxUses}
	if r.Limit == 0 {
		return out
	}
	out.limit = ratelimit.Per(r.Limit, r.Every)
	// Windows are whole seconds there (draft-ietf-httpapi-ratelimit-headers).
	out.policy = fmt.Sprintf("%q;q=%d;w=%d", name, r.Limit, max(1, int64(r.Every.Seconds())))
	out.told = fmt.Sprintf("There may be %d of %s in %s.", r.Limit, name, r.Every)
	return out
}

// of are the limits for a collection, which may have some of its own in the place
// of those that all have.
func (all quotas) of(name, id string, own map[string]map[string]Rate) quotas {
	rates := map[string]Rate{}
	maps.Copy(rates, own[strings.ToLower(id)])
	maps.Copy(rates, own[strings.ToLower(name)])
	if len(rates) == 0 {
		return all
	}
	out := maps.Clone(all)
	for name := range rates {
		delete(out, name) // which may be limited no more
	}
	maps.Copy(out, newQuotas(rates, name+"/"))
	return out
}
