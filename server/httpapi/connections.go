package httpapi

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/hapta/hapta/server/clientip"
)

// connections are those that are open, in all and by address.
type connections struct {
	bounds  *atomic.Pointer[Admission]
	proxies clientip.Proxies // each stands for many clients

	mu   sync.Mutex
	open map[*conn]struct{}
	from map[netip.Addr]int
}

func newConnections(bounds *atomic.Pointer[Admission], proxies clientip.Proxies) *connections {
	return &connections{bounds: bounds, proxies: proxies, open: map[*conn]struct{}{}, from: map[netip.Addr]int{}}
}

// enter counts a connection, unless it is one too many. When there are too many
// in all, one that awaits its next request makes room.
func (s *connections) enter(c *conn) bool {
	bounds := s.bounds.Load()
	c.from = s.counted(c.RemoteAddr(), bounds)
	s.mu.Lock()
	defer s.mu.Unlock()
	if most := bounds.ConnectionsPerAddress; most > 0 && c.from.IsValid() && s.from[c.from] >= most {
		return false
	}
	if most := bounds.Connections; most > 0 && len(s.open) >= most && !s.makeRoom() {
		return false
	}
	s.open[c] = struct{}{}
	if c.from.IsValid() {
		s.from[c.from]++
	}
	return true
}

func (s *connections) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(c)
}

// remove does nothing for one that has been removed, or never came in.
func (s *connections) remove(c *conn) {
	if _, ok := s.open[c]; !ok {
		return
	}
	delete(s.open, c)
	if !c.from.IsValid() {
		return
	}
	if s.from[c.from]--; s.from[c.from] == 0 {
		delete(s.from, c.from)
	}
}

// counted is the address that a connection counts for: an IPv6 one is its
// network, of which its owner has all addresses.
func (s *connections) counted(a net.Addr, bounds *Admission) netip.Addr {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	address := tcp.AddrPort().Addr().Unmap().WithZone("")
	if s.proxies.Trust(address) || bounds.exempts(address) {
		return netip.Addr{}
	}
	return clientip.Network(address, 64).Addr()
}

// roomForStream tells whether there may be another event stream. These make no room
// for others, so that some connections are kept for what comes and goes.
func (s *Server) roomForStream() bool {
	most := int64(s.admission.Load().Connections)
	return most == 0 || s.streaming.Load() < max(1, most*3/4)
}

// makeRoom ends one of those that await their next request: that which has done so
// longest, among some. A map is walked from anywhere.
func (s *connections) makeRoom() bool {
	const some = 64
	var idlest *conn
	var since int64
	looked := 0
	for c := range s.open {
		if idle := c.idle.Load(); idle > 0 && (idlest == nil || idle < since) {
			idlest, since = c, idle
		}
		if looked++; looked == some {
			break
		}
	}
	if idlest == nil || !idlest.claim(since) {
		return false
	}
	s.remove(idlest)
	_ = socket(idlest.Conn).Close() // as drop does
	return true
}
