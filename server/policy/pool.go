package policy

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// rest is how long a policy waits for a new instance after one was thrown away,
// so that one whose every call fails leaves the processors and the garbage
// collector to others. It is about as long as all the fuel of a call lasts.
const rest = time.Millisecond

// errClosed says that a policy was used after its last user had released it.
var errClosed = errors.New("the policy is closed")

// pool holds the idle instances of a policy and bounds those in use. Calls do
// nothing but compute, so more of them than processors would gain nothing.
type pool struct {
	slots chan struct{} // one for each instance in use

	mu     sync.Mutex
	idle   []*instance // the last one in is the first one out, for its memory is warm
	closed bool
	lost   time.Time // when an instance was last thrown away
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
	i, err := p.take()
	if i == nil && err == nil {
		i, err = p.replace(ctx, make)
	}
	if err != nil {
		<-p.slots
	}
	return i, err
}

// take gives an idle instance, or nil if there is none.
func (p *pool) take() (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	n := len(p.idle)
	if n == 0 {
		return nil, nil
	}
	i := p.idle[n-1]
	p.idle[n-1] = nil
	p.idle = p.idle[:n-1]
	return i, nil
}

// replace makes an instance, in good time after one was lost.
func (p *pool) replace(ctx context.Context, make func(context.Context) (*instance, error)) (*instance, error) {
	p.mu.Lock()
	wait := rest - time.Since(p.lost)
	p.mu.Unlock()
	if wait > 0 {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for a new instance: %w", context.Cause(ctx))
		}
	}
	return make(ctx)
}

// put gives an instance back, or nil in place of one that is no good any more.
func (p *pool) put(i *instance) {
	p.mu.Lock()
	switch {
	case i == nil:
		p.lost = time.Now()
	case !p.closed:
		p.idle = append(p.idle, i)
		i = nil
	}
	p.mu.Unlock()
	if i != nil {
		i.close()
	}
	<-p.slots
}

// close makes get fail. The instances go with the runtime that they live in.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.idle = true, nil
}
