package gateway

import (
	"strconv"
	"time"

	"github.com/hapta/hapta/server/ratelimit"
)

// Flight is one request under way: what it holds until it has been answered, and
// how its caller stands with the limits that it met. Whoever brings a request
// makes one, and ends it.
type Flight struct {
	quota   *quota
	balance ratelimit.Balance

	entered *ratelimit.InFlight // nil: it holds nothing
	who     ratelimit.Caller
}

// enter counts the request among its caller's, unless it is already.
func (f *Flight) enter(in *ratelimit.InFlight, who ratelimit.Caller, most int) bool {
	if f.entered != nil || most == 0 {
		return true
	}
	if !in.Enter(who, most) {
		return false
	}
	f.entered, f.who = in, who
	return true
}

// End gives back what the request held. An answer that has no end of its own, as
// an event stream, does so when it begins.
func (f *Flight) End() {
	if f.entered != nil {
		f.entered.Leave(f.who)
		f.entered = nil
	}
}

// stand keeps the strictest of several: the one that refused, or of which least is left.
func (f *Flight) stand(q *quota, b ratelimit.Balance) {
	if f.quota == nil || f.balance.OK && (!b.OK || b.Left < f.balance.Left) {
		f.quota, f.balance = q, b
	}
}

// Limit is the strictest limit that the request met, as RateLimit-Policy says it;
// empty if it met none.
func (f *Flight) Limit() string {
	if f.quota == nil {
		return ""
	}
	return f.quota.policy
}

// AppendStanding appends what RateLimit says: how much of the limit is left, and in
// how many seconds all of it is there again.
func (f *Flight) AppendStanding(to []byte) []byte {
	to = strconv.AppendQuote(to, f.quota.name)
	to = strconv.AppendInt(append(to, ";r="...), int64(f.balance.Left), 10)
	return strconv.AppendInt(append(to, ";t="...), int64((f.balance.Full+time.Second-1)/time.Second), 10)
}
