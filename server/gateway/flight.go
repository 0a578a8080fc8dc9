package gateway

import (
	"strconv"
	"sync"
	"time"

	"github.com/hapta/hapta/server/ratelimit"
)

// Flight is one request under way: what it holds until it has been answered, and
// how its caller stands with the limits that it met. Whoever brings a request
// makes one, and ends it.
type Flight struct {
	quota   *quota
	balance ratelimit.Balance

	who     ratelimit.Caller
	entered *ratelimit.InFlight // nil: it is not counted among its caller's
	room    *room               // for what is kept of its body; nil: it met no limits yet
	most    int                 // bytes that the room holds

	mu    sync.Mutex // a write that was left behind may still read its body
	ended bool
	kept  int // bytes of the body
	held  int // of these, the ones that take up room
}

// begin says who asks; what comes first counts.
func (f *Flight) begin(who ratelimit.Caller, r *room, most int) {
	if f.room == nil {
		f.who, f.room, f.most = who, r, most
	}
}

// enter counts the request among its caller's, unless it is already.
func (f *Flight) enter(in *ratelimit.InFlight, most int) bool {
	if f.entered != nil || most == 0 {
		return true
	}
	if !in.Enter(f.who, 1, most) {
		return false
	}
	f.entered = in
	return true
}

// End gives back what the request held. An answer that has no end of its own, as
// an event stream, does so when it begins.
func (f *Flight) End() {
	if f.entered != nil {
		f.entered.Leave(f.who, 1)
		f.entered = nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended = true; f.held > 0 {
		f.room.leave(f.who, f.held)
		f.held = 0
	}
}

// stand keeps the strictest of several: the one that refused, or of which least is left.
func (f *Flight) stand(q *quota, b ratelimit.Balance) {
	if f.quota == nil || f.balance.OK && (!b.OK || b.Left < f.balance.Left) {
		f.quota, f.balance = q, b
	}
}

// forget says nothing of limits any more.
func (f *Flight) forget() { f.quota = nil }

// Limit is the strictest limit that the request met, as RateLimit-Policy says it;
// empty if it met none.
func (f *Flight) Limit() string {
	if f.quota == nil {
		return ""
	}
	return f.quota.policy
}

// AppendStanding appends what RateLimit says: how much of the limit is left, and in
// how many seconds there is more; for who was refused, enough.
func (f *Flight) AppendStanding(to []byte) []byte {
	b, l := f.balance, f.quota.limit
	more := b.Wait
	if b.OK {
		more = b.Full - time.Duration(l.Burst-b.Left-1)*l.Every
	}
	to = strconv.AppendQuote(to, f.quota.name)
	to = strconv.AppendInt(append(to, ";r="...), int64(b.Left), 10)
	if more > 0 {
		to = strconv.AppendInt(append(to, ";t="...), int64((more+time.Second-1)/time.Second), 10)
	}
	return to
}
