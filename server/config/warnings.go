package config

import (
	"net/netip"
	"strings"
)

// Warnings are sentences about settings that are valid but deserve a second
// look, for the start log and for check.
func (c *Config) Warnings() []string {
	var all []string
	if c.Server.DevelopmentMode && !loopback(c.Server.Hostname) {
		all = append(all, "development_mode is on and hostname "+c.Server.Hostname+
			" can be reached from other machines: turn development_mode off or listen on 127.0.0.1")
	}
	for _, network := range c.Server.TrustedProxies {
		if network.Bits() == 0 {
			all = append(all, "trusted_proxies has "+network.String()+
				", which is everyone: any client can name the address it comes from; list the proxies alone")
		}
	}
	if !c.TLS.Enabled && (c.TLS.Cert != "" || c.TLS.Key != "") {
		all = append(all, "[tls] names a certificate but SSL_ENABLED is not true: the listener speaks plain HTTP")
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
