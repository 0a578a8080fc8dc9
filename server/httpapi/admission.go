package httpapi

import (
	"net/netip"
	"slices"
	"time"
)

// Admission is what a server takes on. A number or a time of 0 is no bound.
type Admission struct {
	Connections           int // open at once
	ConnectionsPerAddress int // of these from one address; an IPv6 one is its network of 64 bits
	Requests              int // at work at once, but for those that must always be answered

	HeaderTimeout time.Duration // how long a request's header may take, and a new connection's first byte
	BodyTimeout   time.Duration // how long a client may keep the server waiting; see patience
	IdleTimeout   time.Duration // between two requests

	Exempt []netip.Prefix // networks that meet no bound but those on all together
}

// Admit puts other bounds in force, for connections and requests from now on.
// Nothing that runs is cut.
func (s *Server) Admit(a Admission) {
	a.Exempt = slices.Clone(a.Exempt)
	s.admission.Store(&a)
}

func (a *Admission) exempts(client netip.Addr) bool {
	return slices.ContainsFunc(a.Exempt, func(network netip.Prefix) bool { return network.Contains(client) })
}
