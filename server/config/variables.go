package config

import (
	"regexp"
	"strings"
)

// The variables that are no override of a key.
const (
	varURL       = "DB_URL"
	varEmail     = "ADMIN_EMAIL"
	varPassword  = "ADMIN_PASSWORD"
	varAdminKey  = "HAPTA_ADMIN_KEY"
	varSSL       = "SSL_ENABLED"
	varJWTSecret = "JWT_SECRET"
)

const prefix = "HAPTA_"

// environment stands for a file in the place of a process's own variable.
const environment = "environment"

// variable is the name of the variable that overrides the key.
func (k key) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(k.path(), ".", "_"))
}

// isVariable reports whether a name is one that the environment has, in any case.
func isVariable(name string) bool {
	switch strings.ToUpper(name) {
	case varURL, varEmail, varPassword, varAdminKey, varSSL, varJWTSecret:
		return true
	}
	return strings.HasPrefix(strings.ToUpper(name), prefix)
}

// setting is one variable's value and where it came from.
type setting struct {
	value string
	at    place
}

// variables reads .env and the process's environment, which wins.
func (l *loader) variables(o Options) {
	env := l.dotenv(o)
	for _, entry := range o.Environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			env[name] = setting{value, place{environment, 0, name}}
		}
	}
	l.overrides(env)
	if s, ok := env[varURL]; ok && s.value != "" {
		k, _ := find(l.keys, "upstream", "url")
		l.set(k, s.value, s.at)
	}
	if s := env[varSSL]; s.value != "" {
		k := boolean(&l.config.TLS.Enabled)
		l.set(key{section: "env", name: varSSL, kind: k}, k.read(s.value), s.at)
	}
	l.secrets(env)
}

// ofCompilers are variables of the scripts that compile policies.
var ofCompilers = map[string]bool{"HAPTA_PINNED": true, "HAPTA_RUSTC": true}

// overrides applies HAPTA_<SECTION>_<KEY> and reports what looks like one and is not.
func (l *loader) overrides(env map[string]setting) {
	known := map[string]key{}
	for _, k := range l.keys {
		known[k.variable()] = k
	}
	for name, s := range env {
		if !strings.HasPrefix(name, prefix) || name == varAdminKey || ofCompilers[name] {
			continue
		}
		if k, ok := known[name]; ok {
			l.set(k, k.read(s.value), s.at)
		} else if !fromKubernetes(name, s.value) {
			l.report(s.at.problem(l.override(name, known), "no key is overridden by this variable"))
		}
	}
}

// override is the remedy for an unknown HAPTA_ variable.
func (l *loader) override(name string, known map[string]key) string {
	if strings.HasPrefix(name, prefix+"COLLECTIONS_") {
		return "[collections] can only be set in hapta.toml"
	}
	names := []string{varAdminKey}
	for name := range known {
		names = append(names, name)
	}
	if near := nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	if strings.HasPrefix(name, prefix+"RATELIMITS_") {
		return "overrides are named HAPTA_RATELIMITS_<OPERATION>_<KEY>; the operations are " + strings.Join(below(l.keys, "ratelimits"), ", ")
	}
	return "unset it; overrides are named HAPTA_<SECTION>_<KEY>"
}

// Kubernetes tells every pod the address of each Service in variables that
// begin with the Service's name, so a Service named hapta or hapta-… makes
// variables that were never meant for Hapta.
var (
	serviceLink = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)
	serviceURL  = regexp.MustCompile(`^(tcp|udp|sctp)://`)
)

func fromKubernetes(name, value string) bool {
	return serviceLink.MatchString(name) || strings.HasSuffix(name, "_PORT") && serviceURL.MatchString(value)
}

// advice is the remedy for a value that is not what its key takes, where one
// can be known.
func advice(v any) string {
	if s, ok := v.(string); ok && serviceURL.MatchString(s) {
		return "this looks like Kubernetes' own for a Service named hapta-server: rename the Service or set enableServiceLinks: false"
	}
	return ""
}
