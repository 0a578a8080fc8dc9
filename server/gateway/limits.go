package gateway

import (
	"fmt"
	"maps"
	"regexp"
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

// zeros are those of a duration that need not be said, as in 1h0m0s.
var zeros = regexp.MustCompile(`(\D)(0[ms])+$`)

// unlimited is never reached, but by who is put off.
var unlimited = ratelimit.Limit{Burst: 1 << 30, Every: time.Nanosecond}

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
	out := &quota{name: name, limit: unlimited, maxUses: r.MaxUses}
	if r.Limit == 0 {
		return out
	}
	out.limit = ratelimit.Per(r.Limit, r.Every)
	// Windows are whole seconds there (draft-ietf-httpapi-ratelimit-headers).
	out.policy = fmt.Sprintf("%q;q=%d;w=%d", name, r.Limit, (r.Every+time.Second-1)/time.Second)
	every := zeros.ReplaceAllString(r.Every.String(), "$1")
	out.told = fmt.Sprintf("Limit %s: at most %d in %s.", name, r.Limit, every)
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
