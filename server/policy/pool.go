package policy

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// errClosed says that a policy was used after its last user had released it.
var errClosed = errors.New("the policy is closed")

// pool holds the idle instances of a policy and bounds those in use. Calls do
// nothing but compute, so more of them than processors would gain nothing.
type pool struct {
	slots chan struct{} // one for each instance in use

	mu     sync.Mutex
	idle   []*instance // the last one in is the first one out, for its memory is warm
	closed bool
}

func newPool() *pool { return &pool{slots: make(chan struct{}, runtime.GOMAXPROCS(0))} }

// get takes an instance, or makes one. It waits for a slot until the context ends.
func (p *pool) get(ctx context.Context, make func(context.Context) (*instance, error)) (*instance, error) {
	select {
	case p.slots <- struct{}{}: // alone, it costs a third of waiting for two
	default:
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for an instance: %w", context.Cause(ctx))
		}
	}
	p.mu.Lock()
	closed, n := p.closed, len(p.idle)
	if n > 0 && !closed {
		i := p.idle[n-1]
		p.idle[n-1] = nil
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return i, nil
	}
	p.mu.Unlock()
	if closed {
		<-p.slots
		return nil, errClosed
	}
	i, err := make(ctx)
	if err != nil {
		<-p.slots
	}
	return i, err
}

// put gives an instance back, or nil in place of one that is no good any more.
func (p *pool) put(i *instance) {
	if i != nil {
		p.mu.Lock()
		if !p.closed {
			p.idle = append(p.idle, i)
			i = nil
		}
		p.mu.Unlock()
		if i != nil {
			i.close()
		}
	}
	<-p.slots
}

// close makes get fail. The instances go with the runtime that they live in.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.idle = true, nil
}
