package config

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"
)

// Warnings are sentences about settings that are valid but deserve a second
// look, for the start log and for check.
func (c *Config) Warnings() []string {
	var all []string
	if c.Server.DevelopmentMode && !loopback(c.Server.Hostname) {
		all = append(all, "development_mode is on and hostname "+c.Server.Hostname+
			" can be reached from other machines: turn development_mode off or listen on 127.0.0.1")
	}
	for _, network := range everyone(c.Server.TrustedProxies) {
		all = append(all, "trusted_proxies has "+network.String()+
			", which is everyone: any client can name the address it comes from; list the proxies alone")
	}
	for _, network := range everyone(c.Admission.Exempt) {
		all = append(all, "[admission] exempt has "+network.String()+
			", which is everyone: no client meets limits; list those alone that are to meet none")
	}
	if !c.TLS.Enabled && (c.TLS.Cert != "" || c.TLS.Key != "") {
		all = append(all, "[tls] names a certificate but SSL_ENABLED is not true: the listener speaks plain HTTP")
	}
	var files unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &files) == nil && uint64(c.openFiles()) > files.Cur {
		all = append(all, fmt.Sprintf("[admission] max_connections is %d, and with that this process needs %d open files and may have %d: "+
			"raise its limit (ulimit -n, or LimitNOFILE= in a unit of systemd) or lower max_connections",
			c.Admission.MaxConnections, c.openFiles(), files.Cur))
	}
	return all
}

// openFiles is how many a full server needs: one for each connection, one for
// each request at work, of the storage or to PocketBase, and those of the
// databases and logs.
func (c *Config) openFiles() int {
	return c.Admission.MaxConnections + c.Admission.MaxRequests + 100
}

// everyone are the networks that every address of their kind is in.
func everyone(networks []netip.Prefix) []netip.Prefix {
	var all []netip.Prefix
	for _, network := range networks {
		if network.Bits() == 0 {
			all = append(all, network)
		}
	}
	return all
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
