package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// host takes a name or an address without a port.
func host(p *string) kind {
	return textWhere(p, "a host name or an IP address without a port", func(s string) bool {
		if _, err := netip.ParseAddr(s); err == nil {
			return true
		}
		return s != "" && !strings.ContainsAny(s, " \t\r\n:/[]@?#")
	})
}

// listener takes host:port, or nothing.
func listener(p *string) kind {
	return textWhere(p, `host:port such as "127.0.0.1:8090", or ""`, func(s string) bool {
		if s == "" {
			return true
		}
		_, port, err := net.SplitHostPort(s)
		if err != nil {
			return false
		}
		_, err = strconv.ParseUint(port, 10, 16)
		return err == nil
	})
}

// address takes the base URL of a PocketBase, or nothing. Credentials in it
// are refused: a URL ends up in logs, ADMIN_EMAIL and ADMIN_PASSWORD do not.
func address(p *string) kind {
	k := textWhere(p, `an http:// or https:// URL without credentials, query or fragment, or ""`, func(s string) bool {
		if s == "" {
			return true
		}
		u, err := url.Parse(s)
		return err == nil && httpURL(u) && !strings.ContainsAny(s, "?#")
	})
	store := k.store
	k.store = func(v any) bool {
		ok := store(v)
		*p = strings.TrimRight(*p, "/")
		return ok
	}
	return k
}

// origins takes what an Origin header may say (RFC 6454 section 6.2).
func origins(p *[]string) kind {
	return list(p, `a list of origins such as ["https://app.example.com"], or ["*"]`, func(s string) bool {
		if s == "*" {
			return true
		}
		u, err := url.Parse(s)
		return err == nil && u.Scheme != "" && u.Host != "" && u.Scheme+"://"+u.Host == s
	})
}

// networks takes IP addresses and CIDR ranges; an address is a range of one.
func networks(p *[]netip.Prefix) kind {
	var texts []string
	k := list(&texts, `a list of IP addresses and CIDR ranges such as ["127.0.0.1", "10.0.0.0/8"]`, func(s string) bool {
		_, ok := network(s)
		return ok
	})
	store := k.store
	k.store = func(v any) bool {
		if !store(v) {
			return false
		}
		*p = nil
		for _, s := range texts {
			n, _ := network(s)
			*p = append(*p, n)
		}
		return true
	}
	return k
}

// network reads one, IPv4 written as IPv6 as IPv4.
func network(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), a.Zone() == ""
	}
	n, err := netip.ParsePrefix(s)
	if err == nil && n.Addr().Is4In6() && n.Bits() >= 96 {
		n = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-96)
	}
	return n.Masked(), err == nil
}

// prefixes takes beginnings of paths, written as every reader reads them.
func prefixes(p *[]string) kind {
	return list(p, `a list of paths such as ["/api/myapp/"], plain and from the root`, func(s string) bool {
		if s == "/" {
			return true
		}
		inner, rooted := strings.CutPrefix(strings.TrimSuffix(s, "/"), "/")
		return rooted && !strings.ContainsAny(s, "%?#;\\ ") && !slices.ContainsFunc(strings.Split(inner, "/"), func(segment string) bool {
			return segment == "" || segment == "." || segment == ".."
		})
	})
}

func httpURL(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
