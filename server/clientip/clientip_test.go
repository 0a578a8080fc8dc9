package clientip

import (
	"net/netip"
	"strings"
	"testing"
)

func prefixes(texts ...string) (p Proxies) {
	for _, text := range texts {
		p = append(p, netip.MustParsePrefix(text))
	}
	return p
}

func TestClient(t *testing.T) {
	proxies := prefixes("127.0.0.1/32", "10.0.0.0/8", "2001:db8:1::/48")
	f := func(peer, want string, forwardedFor ...string) {
		t.Helper()
		if got := proxies.Client(netip.MustParseAddrPort(peer), forwardedFor); got != netip.MustParseAddrPort(want) {
			t.Errorf("%s with %q comes from %s; want %s", peer, forwardedFor, got, want)
		}
	}
	// whoever is not trusted speaks for itself alone
	f("192.0.2.1:4000", "192.0.2.1:4000")
	f("192.0.2.1:4000", "192.0.2.1:4000", "203.0.113.9")
	f("[2001:db8:2::1]:4000", "[2001:db8:2::1]:4000", "127.0.0.1")
	f("[::ffff:192.0.2.1]:4000", "192.0.2.1:4000", "203.0.113.9")

	// a trusted one is believed
	f("127.0.0.1:4000", "203.0.113.9:0", "203.0.113.9")
	f("[::ffff:127.0.0.1]:4000", "203.0.113.9:0", "203.0.113.9")
	f("[2001:db8:1::7]:4000", "203.0.113.9:0", "203.0.113.9")
	f("[2001:db8:1::7%eth0]:4000", "203.0.113.9:0", "203.0.113.9")
	f("127.0.0.1:4000", "127.0.0.1:4000")
	f("127.0.0.1:4000", "127.0.0.1:4000", "", " , ,")

	// the rightmost that is not trusted, over all lines
	f("127.0.0.1:4000", "203.0.113.9:0", "6.6.6.6, 203.0.113.9")
	f("127.0.0.1:4000", "203.0.113.9:0", "6.6.6.6", "203.0.113.9")
	f("127.0.0.1:4000", "203.0.113.9:0", "6.6.6.6, 203.0.113.9, 10.1.2.3,\t10.1.2.4 ")
	f("127.0.0.1:4000", "203.0.113.9:0", "6.6.6.6, 203.0.113.9", "10.1.2.3", "", "[2001:db8:1::1]:80")
	f("127.0.0.1:4000", "10.1.2.3:0", "10.1.2.3, 10.1.2.4") // trusted ones all the way

	// as proxies write addresses
	f("127.0.0.1:4000", "203.0.113.9:81", "203.0.113.9:81")
	f("127.0.0.1:4000", "203.0.113.9:0", "::ffff:203.0.113.9")
	f("127.0.0.1:4000", "203.0.113.9:81", "[::ffff:203.0.113.9]:81")
	f("127.0.0.1:4000", "203.0.113.9:0", "203.0.113.9, ::ffff:10.0.0.1")
	f("127.0.0.1:4000", "[2001:db8:2::1]:0", "2001:DB8:2::1")
	f("127.0.0.1:4000", "[2001:db8:2::1]:0", "[2001:db8:2::1]")
	f("127.0.0.1:4000", "[2001:db8:2::1]:81", "[2001:db8:2::1]:81")
	f("127.0.0.1:4000", "[fe80::1]:0", "fe80::1%eth0")

	// what is no address ends at the last trusted proxy
	for _, bad := range []string{
		"unknown", "_hidden", "localhost", "203.0.113.9.", "203.0.113", "0203.0.113.9", "203.0.113.9:", "203.0.113.9:x", "203.0.113.9:99999",
		"[203.0.113.9]", "[203.0.113.9", "2001:db8:2::1]", "[]", "[", "]", "for=203.0.113.9", `"203.0.113.9"`, "203.0.113.9 6.6.6.6", "203.0.113.9;6.6.6.6", "\x00",
	} {
		f("127.0.0.1:4000", "127.0.0.1:4000", "6.6.6.6, "+bad)
		f("127.0.0.1:4000", "10.0.0.1:0", "6.6.6.6, "+bad+", 10.0.0.1")
	}
}

func TestNobodyIsTrustedByDefault(t *testing.T) {
	peer := netip.MustParseAddrPort("127.0.0.1:4000")
	if got := Proxies(nil).Client(peer, []string{"203.0.113.9"}); got != peer {
		t.Errorf("it comes from %s", got)
	}
	if got := prefixes("0.0.0.0/0").Client(netip.AddrPort{}, []string{"203.0.113.9"}); got.IsValid() {
		t.Errorf("a peer without an address is believed: %s", got)
	}
}

// Whoever is not a trusted proxy chooses nothing: whatever it writes, in front
// of what the proxies add, the answer is its own address.
func FuzzClientCannotChoose(f *testing.F) {
	for _, seed := range []string{
		"", "6.6.6.6", "10.0.0.1", "10.0.0.1, 6.6.6.6,", ",,,", "unknown", "[::1", "6.6.6.6\n10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1\n",
	} {
		f.Add(seed, uint32(0x0a000001), true)
		f.Add(seed, uint32(0xc0000201), false)
	}
	proxies := prefixes("10.0.0.0/8", "2001:db8:1::/48")
	f.Fuzz(func(t *testing.T, claim string, ip uint32, joined bool) {
		client := netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})
		if proxies.Trust(client) {
			return
		}
		lines := strings.Split(claim, "\n") // a line break ends a header's line
		if got := proxies.Client(netip.AddrPortFrom(client, 1), lines); got != netip.AddrPortFrom(client, 1) {
			t.Errorf("%s connects, claims %q and is taken for %s", client, lines, got)
		}
		// two proxies, of which the outer one meets the client
		if joined {
			lines[len(lines)-1] += ", " + client.String()
		} else {
			lines = append(lines, client.String())
		}
		lines = append(lines, "10.0.0.7")
		if got := proxies.Client(netip.MustParseAddrPort("[2001:db8:1::2]:1"), lines); got != netip.AddrPortFrom(client, 0) {
			t.Errorf("%s sends %q through two proxies and is taken for %s", client, lines, got)
		}
	})
}
