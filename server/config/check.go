package config

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"strings"
)

// check finds what no key shows by itself.
func (l *loader) check() {
	l.checkFolders()
	l.checkCredentials()
	if l.config.TLS.Enabled {
		l.checkTLS()
	}
}

// checkFolders keeps state_dir and data_dir apart: PocketBase's backup and
// restore take and swap all of data_dir.
func (l *loader) checkFolders() {
	c := l.config
	if c.Embedded() && nested(c.Server.StateDir, c.Upstream.DataDir) {
		at := l.place("server.state_dir")
		if _, ok := l.places[at.key]; !ok {
			at = l.place("upstream.data_dir")
		}
		l.report(at.problem("give each a folder outside the other",
			"state_dir %q and data_dir %q lie one in the other, and PocketBase's restore replaces all of data_dir",
			c.Server.StateDir, c.Upstream.DataDir))
	}
}

func (l *loader) checkCredentials() {
	s := l.config.Secrets
	if l.config.Embedded() {
		if n := len(s.AdminPassword.Reveal()); n > 0 && n < minPassword {
			l.report(l.places[varPassword].problem("choose a longer one",
				"expected at least %d characters, as PocketBase does, found %d", minPassword, n))
		}
		if s.AdminPassword.IsSet() && s.AdminEmail == "" {
			l.report(l.places[varPassword].problem("set ADMIN_EMAIL too", "is a password without its e-mail address"))
		}
		return
	}
	at := l.place("upstream.url")
	for _, v := range []struct {
		name string
		set  bool
	}{{varEmail, s.AdminEmail != ""}, {varPassword, s.AdminPassword.IsSet()}} {
		if !v.set {
			l.report(at.problem("set "+v.name+" in the environment or .env",
				"a PocketBase that is not embedded needs a superuser's %s", v.name))
		}
	}
}

func (l *loader) checkTLS() {
	c := l.config.TLS
	bad := false
	for _, f := range []struct{ path, value string }{{"tls.cert", c.Cert}, {"tls.key", c.Key}} {
		at := l.place(f.path)
		switch {
		case f.value == "":
			l.report(at.problem("name a PEM file or unset SSL_ENABLED", "expected a file, since SSL_ENABLED is true, found nothing"))
		case strings.Contains(f.value, "-----BEGIN"):
			l.report(at.problem("write it to a file with mode 0600 and name that", "expected the path of a PEM file, found its content"))
		default:
			continue
		}
		bad = true
	}
	if bad {
		return
	}
	if _, err := tls.LoadX509KeyPair(c.Cert, c.Key); err != nil {
		at := l.place("tls.cert")
		var file *fs.PathError
		if errors.As(err, &file) && file.Path == c.Key {
			at = l.place("tls.key")
		}
		l.report(at.problem("name a readable certificate and the key that belongs to it", "cannot be used: %v", err))
	}
}
