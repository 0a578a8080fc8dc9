package policy

import (
	"errors"
	"testing"

	"github.com/hapta/hapta/abi"
)

// Whatever turns on a field that was withheld ends the call; nothing else does,
// whether the guest is run or the call is recalled.
func TestWithheldFields(t *testing.T) {
	stored := func(p *program) ops { return seq(i32(int(abi.RootStored)), host("root")) }
	f := func(name string, withheld bool, body func(p *program) ops) {
		t.Helper()
		onBoth(t, func(t *testing.T, e *Engine) {
			e.forgets = false
			p := load(t, e, recording(func(p *program) ops { return seq(body(p), drop(), p.allow()) }))
			whole, part := view(t, `{"id":"r1","title":"x","secret":"y"}`), view(t, `{"id":"r1","title":"x"}`)
			part.Stored.Withheld = []string{"secret"}
			for range 2 {
				if d, err := p.Record(t.Context(), whole); err != nil || d.Verdict != abi.VerdictAllow {
					t.Fatalf("%s, whole: %+v, %v", name, d, err)
				}
				d, err := p.Record(t.Context(), part)
				if errors.Is(err, ErrWithheld) != withheld || withheld == (d.Verdict == abi.VerdictAllow) {
					t.Fatalf("%s: %+v, %v", name, d, err)
				}
				_, err = p.Page(t.Context(), part, []Record{*whole.Stored, *part.Stored})
				if errors.Is(err, ErrWithheld) != withheld {
					t.Fatalf("%s, on a page: %v", name, err)
				}
			}
			if p.AsksForWithheld() != withheld {
				t.Errorf("%s: it asks for what is withheld: %t", name, p.AsksForWithheld())
			}
		})
	}
	f("another field", false, func(p *program) ops { return p.field(abi.RootStored, "title") })
	f("a field that is nowhere", false, func(p *program) ops { return p.field(abi.RootStored, "none") })
	f("its kind", false, func(p *program) ops { return seq(stored(p), host("kind")) })
	f("the field", true, func(p *program) ops { return p.field(abi.RootStored, "secret") })
	f("the field by text", true, func(p *program) ops { return seq(stored(p), p.text("secret"), host("get_text")) })
	f("another field by text", false, func(p *program) ops { return seq(stored(p), p.text("title"), host("get_text")) })
	f("a field by its place", true, func(p *program) ops { return seq(stored(p), i32(0), host("at")) })
	f("a name by its place", true, func(p *program) ops { return seq(stored(p), i32(0), host("key")) })
	f("what a relation points at", true, func(p *program) ops {
		p.manifest = manifestOf("view", `"relations":["secret"]`)
		return seq(stored(p), p.name("secret"), host("relation"))
	})
	f("how many fields", true, func(p *program) ops { return seq(stored(p), host("size")) })
	f("whether it equals another", true, func(p *program) ops { return seq(stored(p), stored(p), host("equals")) })
	f("the first field of a set", true, func(p *program) ops { return seq(stored(p), p.set("title"), host("first_in")) })
	f("the first field of no set", true, func(p *program) ops { return seq(stored(p), p.set("title"), host("first_not_in")) })
}
