package config

import (
	"fmt"
	"net/mail"
	"strings"
)

// Secrets come from the environment and .env alone, never from hapta.toml.
type Secrets struct {
	AdminEmail    string // of the PocketBase superuser; empty: not given
	AdminPassword Secret
	AdminKey      Secret   // of the admin API; not set: off
	JWTSecrets    []Secret // the first signs, all verify; PrepareState fills them when not given
}

// minSecret is the least length of a key in bytes: RFC 7518 section 3.2 asks
// of an HS256 key to be as long as the hash.
const minSecret = 32

// minPassword is the least length that PocketBase accepts for a new superuser.
const minPassword = 8

func (l *loader) secrets(env map[string]setting) {
	for _, name := range []string{varEmail, varPassword, varAdminKey, varJWTSecret} {
		l.places[name] = env[name].at
	}
	s := &l.config.Secrets
	// An empty variable counts as one that is not set.
	s.AdminEmail = env[varEmail].value
	s.AdminPassword = NewSecret(env[varPassword].value)
	s.AdminKey = NewSecret(env[varAdminKey].value)
	if s.AdminEmail != "" && !email(s.AdminEmail) {
		l.report(env[varEmail].at.problem("", "expected an e-mail address such as admin@example.com"))
	}
	if n := len(s.AdminKey.Reveal()); n > 0 && n < minSecret {
		l.report(env[varAdminKey].at.problem("make one with: openssl rand -hex 32",
			"expected at least %d bytes, found %d", minSecret, n))
	}
	if given := env[varJWTSecret]; given.value != "" {
		l.jwtSecrets(given)
	}
}

// jwtSecrets splits JWT_SECRET at its commas.
func (l *loader) jwtSecrets(given setting) {
	parts := strings.Split(given.value, ",")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		if len(part) < minSecret {
			which := ""
			if len(parts) > 1 {
				which = fmt.Sprintf(" in secret %d of %d", i+1, len(parts))
			}
			l.report(given.at.problem("make one with: openssl rand -hex 32",
				"expected at least %d bytes, found %d%s", minSecret, len(part), which))
		}
		l.config.Secrets.JWTSecrets = append(l.config.Secrets.JWTSecrets, NewSecret(part))
	}
}

func email(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// JWTKeys are the JWT secrets as the bytes that sign.
func (s Secrets) JWTKeys() [][]byte {
	keys := make([][]byte, len(s.JWTSecrets))
	for i, secret := range s.JWTSecrets {
		keys[i] = []byte(secret.Reveal())
	}
	return keys
}
