package config

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write hapta.toml anew from the list of keys")

const committed = "../../hapta.toml"

// TestReference fails when the committed hapta.toml and the list of keys drift
// apart; go test ./server/config -run Reference -update mends it.
func TestReference(t *testing.T) {
	if *update {
		if err := os.WriteFile(committed, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != Reference() {
		t.Errorf("%s is not what the list of keys gives; run this test with -update", committed)
	}
}

func TestReferenceIsTheDefaults(t *testing.T) {
	fromFile, err := Load(Options{ConfigFile: committed, ConfigNamed: true})
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	fromFile.FromFile = false // all else is the same
	sameConfig(t, fromFile, defaults)
}

func TestEveryKeyIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range keys(&Config{}) {
		if seen[k.variable()] {
			t.Errorf("%s: two keys share the variable %s", k.path(), k.variable())
		}
		seen[k.variable()] = true
		if strings.HasPrefix(k.section, "ratelimits.") && k.section != "ratelimits.default" && k.standard == nil {
			continue // it is default's
		}
		if !k.store(k.standard) {
			t.Errorf("%s: the default %v is not %s", k.path(), k.standard, k.expected)
		}
		if k.comment == "" || strings.Contains(k.comment, "\n") || !strings.HasSuffix(k.comment, ".") {
			t.Errorf("%s: the comment %q is not one sentence on one line", k.path(), k.comment)
		}
	}
}
