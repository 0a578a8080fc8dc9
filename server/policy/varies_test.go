package policy

import (
	"testing"

	"github.com/hapta/hapta/abi"
)

// A call that asks for what is another for each request says so, whether the guest is
// run, many records are judged at once, or the call is recalled; and one that asks for
// caller, query and records does not.
func TestWhatVariesIsTold(t *testing.T) {
	f := func(name string, varies bool, body func(p *program) ops) {
		t.Helper()
		onBoth(t, func(t *testing.T, e *Engine) {
			e.forgets = false
			p := load(t, e, recording(func(p *program) ops { return seq(body(p), p.allow()) }))
			told := func(how string, judge func(in *Input) error) {
				t.Helper()
				var told bool
				in := view(t, `{"id":"r1","title":"x"}`)
				in.Request, in.Query, in.Headers, in.Session = parse(t, `{"id":"1"}`), parse(t, `{"a":"b"}`), parse(t, `{"c":"d"}`), parse(t, `{"id":"2"}`)
				in.Caller, in.Varies = parse(t, `{"id":"3"}`), &told
				if err := judge(in); err != nil || told != varies {
					t.Errorf("%s, %s: it varies: %t, %v", name, how, told, err)
				}
			}
			record := func(in *Input) error { _, err := p.Record(t.Context(), in); return err }
			page := func(in *Input) error {
				_, err := p.Page(t.Context(), in, []Record{*in.Stored, *in.Stored})
				return err
			}
			told("a page at first", page)
			told("at first", record)
			told("again", record)
			told("a page again", page)
		})
	}
	root := func(r abi.Root) func(p *program) ops {
		return func(p *program) ops { return seq(i32(int(r)), host("root"), drop()) }
	}
	f("nothing", false, func(*program) ops { return seq() })
	f("the record", false, root(abi.RootStored))
	f("the caller", false, root(abi.RootCaller))
	f("the query", false, root(abi.RootQuery))
	f("the session", true, root(abi.RootSession))
	f("the request", true, root(abi.RootRequest))
	f("the headers", true, root(abi.RootHeaders))
	f("the time", true, func(p *program) ops { return seq(host("now"), drop()) })
	f("the log", true, func(p *program) ops { return seq(p.text("x"), host("log")) })
}
