package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsNeverPrint(t *testing.T) {
	const hidden = "hunter2hunter2hunter2hunter2hunter2"
	s := NewSecret(hidden)
	c := Config{Secrets: Secrets{AdminPassword: s, AdminKey: s, JWTSecrets: []Secret{s}}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb, c)
		fmt.Fprintf(&out, verb, &c)
		fmt.Fprintf(&out, verb, s)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("all", "config", c, "pointer", &c, "secret", s, "secrets", c.Secrets)
	}
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	out.WriteString(s.String())
	if text := out.String(); strings.Contains(text, "hunter2") || strings.Contains(text, fmt.Sprintf("%x", "hunter2")) {
		t.Error("a secret was printed: " + text)
	}
	if !strings.Contains(out.String(), redacted) {
		t.Error("nothing tells that a secret is there")
	}
	if s.Reveal() != hidden || !s.IsSet() || (Secret{}).IsSet() {
		t.Error("the secret itself is lost")
	}
}

// TestSecretsNeverInProblems spoils every variable and looks for the values in
// what is reported.
func TestSecretsNeverInProblems(t *testing.T) {
	f := func(file, dotenv string, environ ...string) {
		t.Helper()
		_, err := load(t, file, dotenv, Options{Environ: environ})
		if err == nil {
			t.Errorf("%q %q %q: no problem", file, dotenv, environ)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q %q %q: tells %v", file, dotenv, environ, err)
		}
	}
	f("", "JWT_SECRET=hunter2")
	f("", "JWT_SECRET='hunter2\n")
	f("", "JWT_SECRET=\"hunter2\nB=2")
	f("", "hunter2!\n")
	f("", "", "HAPTA_ADMIN_KEY=hunter2")
	f("", "", "ADMIN_PASSWORD=hunter2")
	f("", "", "ADMIN_EMAIL=hunter2")
	f("", "", "DB_URL=https://admin:hunter2@db.example")
	f("", "", "DB_URL=https://admin:hunter2@db.example:port")
	f("JWT_SECRET='hunter2'", "")
	f("JWT_SECRET=hunter2", "")
	f("[server]\npassword=hunter2", "")
	f("[server]\nadmin_key='hunter2'", "")
}
