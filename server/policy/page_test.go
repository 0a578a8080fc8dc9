package policy

import (
	"fmt"
	"testing"

	"github.com/hapta/hapta/abi"
)

// paging judges by the field `do`: "mask" masks, "hide" hides, "trap" traps and
// "skip" decides nothing. With whole, it judges pages in one call.
func paging(whole bool) *program {
	p := &program{manifest: manifestOf("view", `"masks":["bio"]`)}
	is := func(what string) ops { return seq(p.field(abi.RootStored, "do"), p.text(what), host("equals_text")) }
	judge := seq(
		is("trap"), when(unreachable()),
		is("mask"), when(p.name("bio"), host("mask")),
		is("hide"), when(i32(3), i32(0), i32(0), i32(0), i32(0), host("verdict")),
		is("hide"), is("skip"), op(0x72), op(0x45), when(p.allow()),
	)
	p.exports = map[string]ops{"hapta_record": judge}
	if whole {
		next := seq(local(3), i32(1), add(), setLocal(3), local(3), local(2), op(0x49))
		p.exports["hapta_page"] = loop(local(3), host("select"), judge, next, againIf())
	}
	return p
}

func page(t testing.TB, does ...string) []Record {
	t.Helper()
	records := make([]Record, len(does))
	for i, do := range does {
		records[i].Value = parse(t, fmt.Sprintf(`{"id":"r%d","do":%q,"bio":"x"}`, i, do))
	}
	return records
}

func TestPage(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		for _, whole := range []bool{true, false} {
			p := load(t, e, paging(whole))
			in := view(t, `null`)
			in.Reason = abi.ReasonListed
			f := func(does ...string) []*Decision {
				t.Helper()
				d, err := p.Page(t.Context(), in, page(t, does...))
				if err != nil {
					t.Fatal(err)
				}
				for i, do := range does {
					want, masks, code := abi.VerdictAllow, 0, ""
					switch do {
					case "mask":
						masks = 1
					case "hide":
						want = abi.VerdictHide
					case "trap":
						want, code = abi.VerdictRefuse, abi.FaultTrapped
					case "skip":
						want, code = abi.VerdictRefuse, abi.FaultInvalid
					}
					if d[i].Verdict != want || len(d[i].Masks) != masks || d[i].Code != code || (d[i].Err != nil) != (code != "") {
						t.Fatalf("whole %t: record %d (%s) of %v: %+v", whole, i, do, does, d[i])
					}
				}
				return d
			}
			f()
			f("")
			f("", "mask", "hide", "", "mask")
			f("", "trap", "mask")
			f("skip", "", "hide", "trap")
			many := make([]string, 2*portion+3)
			many[0], many[portion] = "mask", "hide"
			f(many...)
		}
	})
}

func TestMasksOfRecordsAreTheirOwn(t *testing.T) {
	p := load(t, anew(), paging(true))
	first, err := p.Page(t.Context(), view(t, `null`), page(t, "mask", "mask"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Page(t.Context(), view(t, `null`), page(t, "", "")); err != nil {
		t.Fatal(err)
	}
	if first[0].Masks[0] != "bio" || first[1].Masks[0] != "bio" {
		t.Fatalf("a later page changed the masks of an earlier one: %+v", first)
	}
}
