package clientip

import (
	"iter"
	"net/netip"
	"strings"
)

// Proxies are the networks whose word about a client's address is taken.
type Proxies []netip.Prefix

// Client is the address that a request came from. peer is the other end of the
// connection, forwardedFor are the lines of X-Forwarded-For in their order.
//
// Each proxy adds the address it was reached from at the right end, so the
// entries are read from there, and the first that is no trusted proxy is the
// client: what stands further left was written by the client itself. An entry
// that is no address ends the search at the proxy that passed it on.
func (p Proxies) Client(peer netip.AddrPort, forwardedFor []string) netip.AddrPort {
	client := netip.AddrPortFrom(plain(peer.Addr()), peer.Port())
	if !p.Trust(client.Addr()) {
		return client
	}
	for entry := range backwards(forwardedFor) {
		next, ok := parse(entry)
		if !ok {
			break
		}
		if client = next; !p.Trust(client.Addr()) {
			break
		}
	}
	return client
}

// Trust tells whether an address is that of a trusted proxy.
func (p Proxies) Trust(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// Network is the network of so many bits that an address of IPv6 lies in, or the
// address itself of IPv4; the zero Prefix for no address.
func Network(a netip.Addr, bits int) netip.Prefix {
	if a = plain(a); a.Is4() {
		bits = 32
	}
	n, _ := a.Prefix(bits)
	return n
}

// plain is the address as it is compared: an IPv4 one is never written as
// IPv6, and no zone tells this machine's interfaces.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// backwards yields the entries of a list header from its end. Its lines are one
// list (RFC 9110, section 5.3), and an empty entry is none (section 5.6.1).
func backwards(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := len(lines) - 1; i >= 0; i-- {
			rest, entry, more := lines[i], "", true
			for more {
				rest, entry, more = cutLast(rest)
				if entry = strings.Trim(entry, " \t"); entry != "" && !yield(entry) {
					return
				}
			}
		}
	}
}

// cutLast takes the last entry off a list; more tells whether one is left.
func cutLast(list string) (rest, entry string, more bool) {
	i := strings.LastIndexByte(list, ',')
	if i < 0 {
		return "", list, false
	}
	return list[:i], list[i+1:], true
}

// parse reads an address as proxies write it: 192.0.2.1, 192.0.2.1:80,
// 2001:db8::1, [2001:db8::1] or [2001:db8::1]:80. A port of 0 is none.
func parse(entry string) (netip.AddrPort, bool) {
	if at, err := netip.ParseAddrPort(entry); err == nil {
		return netip.AddrPortFrom(plain(at.Addr()), at.Port()), true
	}
	if inner, ok := strings.CutPrefix(entry, "["); ok {
		if entry, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(entry, ":") {
			return netip.AddrPort{}, false
		}
	}
	a, err := netip.ParseAddr(entry)
	return netip.AddrPortFrom(plain(a), 0), err == nil
}
