package pocketbase

import (
	"net"
	"sync"
)

// nowhere is a listener that nobody can reach. With it PocketBase serves
// without a port, and its serve hooks and cron run all the same.
type nowhere struct {
	closed chan struct{}
	once   sync.Once
}

func newNowhere() *nowhere { return &nowhere{closed: make(chan struct{})} }

func (n *nowhere) Accept() (net.Conn, error) {
	<-n.closed
	return nil, net.ErrClosed
}

func (n *nowhere) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

func (n *nowhere) Addr() net.Addr { return n }

func (n *nowhere) Network() string { return "none" }
func (n *nowhere) String() string  { return "nowhere" }
