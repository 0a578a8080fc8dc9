package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

// trace asks with a trace and without, which have to decide alike.
func (a *asked) trace(want ...string) {
	a.t.Helper()
	in := a.in
	var lines []string
	in.Trace = func(line string) { lines = append(lines, line) }
	decide := func(in *Input) (d Decision) {
		switch in.Operation {
		case abi.OperationList:
			d, _, _ = a.policy.Filter(a.t.Context(), in)
		case abi.OperationView:
			d, _ = a.policy.Record(a.t.Context(), in)
		default:
			d, _ = a.policy.Before(a.t.Context(), in)
		}
		return d
	}
	traced := decide(&in)
	if !slices.Equal(lines, want) {
		a.t.Errorf("traced\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if plain := decide(&a.in); compact(a.t, plain) != compact(a.t, traced) {
		a.t.Errorf("decided %+v, and %+v when traced", plain, traced)
	}
}

func TestTraceOfTree(t *testing.T) {
	e := anew()
	caller := `caller → {"id":"ann","collectionId":"u","collectionName":"users"}`
	ask(t, loadTree(t, e, "posts"), abi.OperationList, ann, "").trace(
		"where_bool(published, =, true) → published = true",
		caller,
		`caller.collectionName → "users"`,
		"equals_name(caller.collectionName, users) → true",
		`caller.id → "ann"`,
		"where_value(author, =, caller.id) → author = 'ann'",
		"any_of(published = true, author = 'ann') → (published = true || author = 'ann')",
		"narrow((published = true || author = 'ann'))",
		"verdict allow")
	ask(t, loadTree(t, e, "users"), abi.OperationUpdate, ann, ann).incoming(`{"bio":"y","followers":[]}`).trace(
		caller,
		`stored → {"id":"ann","collectionId":"u","collectionName":"users"}`,
		`caller.id → "ann"`,
		`stored.id → "ann"`,
		"equals(caller.id, stored.id) → true",
		`caller.collectionId → "u"`,
		`stored.collectionId → "u"`,
		"equals(caller.collectionId, stored.collectionId) → true",
		`incoming → {"bio":"y","followers":[]}`,
		`first_in(incoming, {validVerified, postr_plus, followers, postr_subscriber_since}) → "followers"`,
		`read(first_in(incoming, {validVerified, postr_plus, followers, postr_subscriber_since…) → "followers"`,
		`verdict refuse field_forbidden 403 "followers may not be changed"`)
	ask(t, loadTree(t, e, "comments"), abi.OperationCreate, ann, "").incoming(`{"body":"x"}`).trace(
		caller,
		`caller.collectionName → "users"`,
		`equals_text(caller.collectionName, "users") → true`,
		caller,
		`caller.id → "ann"`,
		"set_value(author, caller.id)",
		"verdict allow")
	ask(t, loadTree(t, e, "comments"), abi.OperationDelete, guest, `{"id":"c1"}`).trace(
		`stored → {"id":"c1"}`,
		"stored.author → absent",
		"caller → absent",
		"absent.collectionName → absent",
		`equals_text(absent, "users") → false`,
		"relation(stored, post) → absent",
		"absent.author → absent",
		"caller → absent",
		"absent.collectionName → absent",
		`equals_text(absent, "users") → false`,
		`verdict refuse ownership_required 403 "This comment is not yours to delete."`)
}

// What is wrong is told as far as it can be, and traps as it does without a trace.
func TestTraceOfMistakes(t *testing.T) {
	f := func(body func(p *program) ops, want ...string) {
		t.Helper()
		p := &program{manifest: manifestOf("view")}
		p.exports = map[string]ops{"hapta_record": body(p), "hapta_page": {}}
		long := strings.Repeat("ä", 100)
		stored := `{"id":"r1","long":"` + long + `","list":[1,"x"],"flag":true}`
		ask(t, load(t, anew(), p), abi.OperationView, guest, stored).trace(want...)
	}
	f(func(*program) ops { return seq(i32(77), host("kind"), drop()) }, "kind(unknown(77)) → trap")
	f(func(*program) ops { return seq(i32(0), i32(9), host("get"), drop()) }, "absent.unknown(9) → trap")
	f(func(*program) ops { return seq(i32(0), i32(9), host("first_in"), drop()) }, "first_in(absent, unknown(9)) → trap")
	f(func(*program) ops { return seq(i32(0), i32(-1), i32(5), host("equals_text"), drop()) },
		"equals_text(absent, 5 bytes at 4294967295) → trap")
	f(func(p *program) ops { return seq(p.text("enough"), host("panic")) }, `panic("enough") → trap`)
	f(func(*program) ops { return seq(i32(9), i32(9), i32(9), i32(0), i32(0), host("verdict")) }, "verdict verdict(9) unknown(9) 9 → trap")
	root := `stored → {"id":"r1","long":"` + strings.Repeat("ä", 61) + "…"
	f(func(p *program) ops {
		return seq(p.field(abi.RootStored, "list"), i32(1), host("at"), host("kind"), drop(),
			p.field(abi.RootStored, "long"), i32(0), i32(8), host("read"), drop(),
			p.field(abi.RootStored, "flag"), host("boolean"), drop(), p.allow())
	},
		root, `stored.list → [1,"x"]`, `stored.list[1] → "x"`, "kind(stored.list[1]) → text",
		root, `stored.long → "`+strings.Repeat("ä", 80)+`…"`, "read(stored.long) → 200 bytes, and there is room for 8",
		root, "stored.flag → true", "boolean(stored.flag) → true", "verdict allow")
}
