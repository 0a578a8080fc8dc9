package policy

import (
	"errors"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

// What needs a value and finds none says which field it was, so that an author
// need not guess; of a text that the guest made up, it says nothing.
func TestLacking(t *testing.T) {
	f := func(want string, judge func(p *program) ops) {
		t.Helper()
		p := &program{manifest: manifestOf("view")}
		p.exports = map[string]ops{"hapta_record": seq(judge(p), p.allow())}
		_, err := load(t, anew(), p).Record(t.Context(), view(t, `{"id":"p1","title":"a","views":1}`))
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != abi.FaultInvalid || fault.Detail != strings.ReplaceAll(want, "~", "; the last field that was not there is ") {
			t.Errorf("%v; want %s", err, want)
		}
	}
	stored := func(p *program, name string) ops { return p.field(abi.RootStored, name) }
	f(`number: the value is not a number but absent~"vews": ask first whether it exists`, func(p *program) ops {
		return seq(stored(p, "vews"), host("number"), drop())
	})
	f(`integer: the value is not a number but absent~"b": ask first whether it exists`, func(p *program) ops {
		return seq(stored(p, "a"), drop(), stored(p, "title"), drop(), stored(p, "b"), host("integer"), drop())
	})
	f(`boolean: the value is not a boolean but absent~"role": ask first whether it exists`, func(p *program) ops {
		return seq(p.field(abi.RootCaller, "role"), host("boolean"), drop()) // of a guest
	})
	f(`compare: a number and a absent have no order~"vews": ask first whether it exists`, func(p *program) ops {
		return seq(stored(p, "views"), stored(p, "vews"), host("compare"), drop())
	})
	f(`number: the value is not a number but text`, func(p *program) ops {
		return seq(stored(p, "a"), drop(), stored(p, "title"), host("number"), drop())
	})
	f(`number: the value is not a number but absent`, func(p *program) ops {
		return seq(stored(p, "a"), drop(), i32(int(abi.RootStored)), host("root"), p.text("other"), host("get_text"), host("number"), drop())
	})
	f(`number: the value is not a number but absent`, func(*program) ops { return seq(i32(0), host("number"), drop()) })
}
