package policy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// chance makes inputs that lead policies every way.
type chance struct {
	*rand.Rand
	t *testing.T
}

func (c chance) pick(from ...string) string { return from[c.IntN(len(from))] }

func (c chance) record() string {
	fields := []string{`"id":"` + c.pick("ann", "bob", "p1", "p2") + `"`, `"collectionId":"c1"`, `"collectionName":"posts"`}
	for name, values := range map[string][]string{
		"author": {`"ann"`, `"bob"`, `""`, `null`, `7`}, "published": {"true", "false", "null", `"true"`},
		"private": {"true", "false", "null"}, "title": {`""`, `" "`, `"Tea"`, `"poison"`, `"unseen"`, "1", "null"},
		"bio": {`"x"`, `"é"`}, "followers": {`[]`, `["ann"]`}, "post": {`"p1"`, `""`}, "level": {"1", "9"}, "tags": {`["a"]`, `[]`},
		"count": {"0", "1", "2.5"}, "postr_plus": {"true"}, "validVerified": {"false"}, "internal_score": {"1"},
	} {
		if c.IntN(3) > 0 {
			fields = append(fields, fmt.Sprintf("%q:%s", name, c.pick(values...)))
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func (c chance) input(o abi.Operation) *Input {
	parsed := func(text string) *fastjson.Value { return parse(c.t, text) }
	in := &Input{Operation: o, Reason: abi.ReasonAsked}
	in.Caller = parsed(c.pick("", `{"id":"ann","collectionId":"c1","collectionName":"users"}`, `{"id":"bob","collectionId":"c2","collectionName":"users"}`))
	in.Query = parsed(c.pick(`{}`, `{"do":"list:narrow,view:hide"}`, `{"do":"update:refuse"}`, `{"do":"create:trap,set:title"}`, `{"do":"view:undeclared"}`))
	in.Request, in.Headers = parsed(`{"id":"r1"}`), parsed(`{}`)
	if o == abi.OperationView || o == abi.OperationUpdate || o == abi.OperationDelete {
		in.Stored = &Record{Value: parsed(c.record()), Relations: map[string]*fastjson.Value{}}
		if c.IntN(2) == 0 {
			in.Stored.Relations["post"] = parsed(c.record())
		}
	}
	if o == abi.OperationCreate || o == abi.OperationUpdate {
		parsed(c.record()).GetObject().Visit(func(key []byte, v *fastjson.Value) {
			if name := string(key); name != "id" && !strings.HasPrefix(name, "collection") {
				in.Incoming = append(in.Incoming, Field{Name: name, Modifier: abi.Modifier(c.IntN(5)), Value: v})
			}
		})
	}
	return in
}

// outcome writes down all that a call comes to.
func outcomeOf(p *Policy, in *Input) string {
	var d Decision
	var n *filter.Node
	var err error
	switch in.Operation {
	case abi.OperationList:
		d, n, err = p.Filter(context.Background(), in)
	case abi.OperationView:
		d, err = p.Record(context.Background(), in)
	default:
		d, err = p.Before(context.Background(), in)
	}
	d.Err = nil
	return fmt.Sprintf("%+v %s %v", d, n, err)
}

// A policy that remembers decides as one that has the guest run every call.
func TestRemembering(t *testing.T) {
	for _, file := range []string{"../../policies/posts", "../../policies/users", "../../policies/comments", "../gateway/testdata/policies/script", "../gateway/testdata/policies/witness"} {
		module, err := os.ReadFile(file + ".wasm")
		if err != nil {
			t.Fatal(err)
		}
		policies := make([]*Policy, 2)
		for i, e := range []*Engine{NewEngine(testLimits), anew()} {
			if policies[i], err = e.Load(t.Context(), "test", module); err != nil {
				t.Fatal(err)
			}
			defer policies[i].Retire()
		}
		remembering, plain := policies[0], policies[1]
		random := chance{rand.New(rand.NewPCG(1, 2)), t}
		const calls = 2000
		for range calls {
			operations := plain.Manifest().Operations
			in := random.input(operations[random.IntN(len(operations))])
			want := outcomeOf(plain, in)
			for range 2 {
				if got := outcomeOf(remembering, in); got != want {
					t.Fatalf("%s, %+v:\nremembering %s\nplain       %s", file, in, got, want)
				}
			}
		}
		hits, misses, given := remembering.memo.counts()
		if reads := strings.HasSuffix(file, "witness"); given || (hits < calls/2) != reads { // whatever it judges, it writes down
			t.Errorf("%s: %d of %d calls were recalled (given up: %t)", file, hits, hits+misses, given)
		}
		t.Logf("%s: %d of %d calls were recalled, by %d questions", file, hits, hits+misses, remembering.memo.questions)
	}
}

func (m *memo) counts() (hits, misses int64, off bool) {
	for p := range m.trees {
		for o := range m.trees[p] {
			for r := range m.trees[p][o] {
				tree := &m.trees[p][o][r]
				hits, misses, off = hits+tree.hits.Load(), misses+tree.misses.Load(), off || tree.off.Load()
			}
		}
	}
	return hits, misses, off
}

// What a policy read is not kept, nor anything that depends on it.
func TestTextsAreNotRemembered(t *testing.T) {
	p := load(t, NewEngine(testLimits), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "secret"),
			when(p.field(abi.RootStored, "secret"), i32(32000), i32(64), host("read"), drop(), p.allow(), leave()),
			p.allow())
	}))
	for range 3 {
		if _, err := p.Record(t.Context(), view(t, `{"secret":"s3cret"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if hits, _, _ := p.memo.counts(); hits != 0 {
		t.Errorf("%d calls were recalled past a text that was read", hits)
	}
	if p.memo.questions != 4 { // the root and its field, twice
		t.Errorf("%d questions are kept", p.memo.questions)
	}
	listed := view(t, `{}`) // another tree, whose calls come to an end
	listed.Reason = abi.ReasonListed
	for range 3 {
		if _, err := p.Record(t.Context(), listed); err != nil {
			t.Fatal(err)
		}
	}
	if hits, _, _ := p.memo.counts(); hits != 2 {
		t.Errorf("%d calls of another reason were recalled", hits)
	}
}

// However many ways a policy has, what is kept is bounded, and a memory that is
// of no use is not asked for long.
func TestMemoIsBounded(t *testing.T) {
	p := load(t, NewEngine(testLimits), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "n"), host("number"), drop(), p.allow())
	}))
	for n := range 3 * maxMisses {
		if _, err := p.Record(t.Context(), view(t, fmt.Sprintf(`{"n":%d}`, n))); err != nil {
			t.Fatal(err)
		}
	}
	if p.memo.questions > maxQuestions {
		t.Errorf("%d questions are kept", p.memo.questions)
	}
	if _, misses, _ := p.memo.counts(); misses > maxMisses+1 {
		t.Errorf("a memory of no use was asked %d times", misses)
	}
}

func TestManyLearnAtOnce(t *testing.T) {
	p := load(t, NewEngine(testLimits), paging(true))
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 200 {
				do := []string{"", "mask", "hide", "trap"}[(g+n)%4]
				d, err := p.Record(context.Background(), view(t, fmt.Sprintf(`{"do":%q}`, do)))
				if want := map[string]abi.Verdict{"": 1, "mask": 1, "hide": 3, "trap": 2}[do]; d.Verdict != want || (err != nil) != (do == "trap") {
					t.Errorf("%q: %+v, %v", do, d, err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestRecallingLetsGoOfTheRequest(t *testing.T) {
	p := load(t, NewEngine(testLimits), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "a"), drop(), p.allow())
	}))
	for range 2 {
		if _, err := p.Record(t.Context(), view(t, `{"a":"secret"}`)); err != nil {
			t.Fatal(err)
		}
	}
	records := []Record{{Value: parse(t, `{"a":"secret"}`)}, {Value: parse(t, `{}`)}}
	if _, err := p.Page(t.Context(), view(t, `null`), records); err != nil {
		t.Fatal(err)
	}
	c := p.memo.call(p)
	if c.input != nil || len(c.values) != 0 {
		t.Fatal("the call keeps its input")
	}
	for _, v := range c.values[:cap(c.values)] {
		if v.json != nil || v.text != "" || v.record != nil {
			t.Fatalf("the call keeps %+v", v)
		}
	}
}

// What a policy logs is logged for every call, and so is not remembered away.
func TestRecalledCallsLog(t *testing.T) {
	lines := 0
	e := NewEngine(testLimits)
	e.OnLog(func(policy, line string) {
		if policy != "test" || line != "here" {
			t.Errorf("%s logs %q", policy, line)
		}
		lines++
	})
	p := load(t, e, recording(func(p *program) ops { return seq(p.text("here"), host("log"), p.allow()) }))
	const calls = 3 * abi.MaxLogLines
	for range calls {
		if _, err := p.Record(t.Context(), view(t, `{}`)); err != nil {
			t.Fatal(err)
		}
	}
	if hits, _, _ := p.memo.counts(); lines != calls || hits != calls-1 {
		t.Errorf("%d lines of %d calls, %d of which were recalled", lines, calls, hits)
	}
}

// What a recalled call would have cost counts: one that the guest would not have
// finished is refused, however often a cheaper one was answered alike.
func TestRecalledCallsRunOutOfFuel(t *testing.T) {
	p := load(t, NewEngine(testLimits), recording(func(p *program) ops {
		body := ops{}
		for range 15 {
			body = append(body, seq(p.field(abi.RootStored, "title"), p.text("c1"), host("contains_text"), drop())...)
		}
		return append(body, p.allow()...)
	}))
	ask := func(size int) (Decision, error) {
		return p.Record(t.Context(), view(t, fmt.Sprintf(`{"title":%q}`, strings.Repeat("x", size))))
	}
	for range 3 {
		if _, err := ask(5); err != nil {
			t.Fatal(err)
		}
		d, err := ask(400_000)
		wantFault(t, err, abi.FaultOutOfFuel, "units")
		if d.Verdict == abi.VerdictAllow {
			t.Error("it is allowed all the same")
		}
	}
	if hits, _, _ := p.memo.counts(); hits != 2 {
		t.Errorf("%d calls were recalled", hits)
	}
}
