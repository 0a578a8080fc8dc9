package gateway

import (
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/ratelimit"
)

// freeBody is how much of each body takes up no room, in bytes: most bodies are
// shorter, and go on while others fill the room. [admission] max_requests bounds them.
const freeBody = 64 << 10

// room is the memory for bodies that are read: [admission] max_body_memory. What is
// read of one takes it up as it comes, so that who announces much and sends little
// holds little. Half of it is the most that one caller may hold.
type room struct {
	held *ratelimit.InFlight // bytes, by caller
}

var everyone = ratelimit.Caller{}

func (r *room) enter(who ratelimit.Caller, n, most int) *apierr.Error {
	if who != everyone && !r.held.Enter(who, n, most/2) {
		return apierr.Detailed(apierr.TooManyAtOnce, "The bodies of your requests that are under way are too large together.")
	}
	if !r.held.Enter(everyone, n, most) {
		if who != everyone {
			r.held.Leave(who, n)
		}
		return apierr.New(apierr.Overloaded)
	}
	return nil
}

func (r *room) leave(who ratelimit.Caller, n int) {
	if who != everyone {
		r.held.Leave(who, n)
	}
	r.held.Leave(everyone, n)
}

// keep takes up room for n more bytes of the request's body.
func (f *Flight) keep(n int) *apierr.Error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return apierr.New(apierr.BadBody) // which nobody reads any more
	}
	f.kept += n
	more := f.kept - freeBody - f.held
	if f.room == nil || more <= 0 {
		return nil
	}
	if err := f.room.enter(f.who, more, f.most); err != nil {
		return err
	}
	f.held += more
	return nil
}
