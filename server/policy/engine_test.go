package policy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/valyala/fastjson"
	"go.uber.org/goleak"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy/compile"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == compile.Command {
		if err := compile.Child(os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

var testLimits = Limits{Fuel: 1_000_000, MemoryBytes: 1 << 20}

// anew is an engine that has the guest run every call.
func anew() *Engine {
	e := NewEngine(testLimits)
	e.Forget()
	return e
}

// onBoth runs a test on the compiler and on the interpreter.
func onBoth(t *testing.T, f func(t *testing.T, e *Engine)) {
	t.Run("compiler", func(t *testing.T) { f(t, anew()) })
	t.Run("interpreter", func(t *testing.T) {
		e := anew()
		e.config = func() wazero.RuntimeConfig {
			return wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(compile.Features)
		}
		f(t, e)
	})
}

func load(t testing.TB, e *Engine, p *program) *Policy {
	t.Helper()
	return loadModule(t, e, p.build())
}

func loadModule(t testing.TB, e *Engine, module []byte) *Policy {
	t.Helper()
	policy, err := e.Load(t.Context(), "test", module)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(policy.Retire)
	return policy
}

// parse reads JSON for an input; "" is absent.
func parse(t testing.TB, text string) *fastjson.Value {
	t.Helper()
	if text == "" {
		return nil
	}
	v, err := fastjson.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func view(t testing.TB, stored string) *Input {
	t.Helper()
	return &Input{Operation: abi.OperationView, Reason: abi.ReasonAsked, Now: time.UnixMilli(1714564800123), Stored: &Record{Value: parse(t, stored)}}
}

// wantFault checks what went wrong, and how it is told.
func wantFault(t *testing.T, err error, code, detail string) {
	t.Helper()
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatalf("the error is %v; want a fault %s", err, code)
	}
	if f.Code != code || !strings.Contains(f.Detail, detail) {
		t.Fatalf("the fault is %s: %s; want %s with %q", f.Code, f.Detail, code, detail)
	}
}

// recording is a program that judges records with this body.
func recording(body func(p *program) ops) *program {
	p := &program{manifest: manifestOf("view", `"masks":["bio"]`)}
	p.exports = map[string]ops{"hapta_record": body(p)}
	return p
}

func TestOwnershipRule(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := load(t, e, recording(func(p *program) ops {
			return seq(p.field(abi.RootCaller, "id"), p.field(abi.RootStored, "author"), host("equals"),
				when(p.allow(), leave()), p.refuse("other", "This is not yours."))
		}))
		f := func(caller, stored string, want Decision) {
			t.Helper()
			in := view(t, stored)
			in.Caller = parse(t, caller)
			got, err := p.Record(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != want.Verdict || got.Code != want.Code || got.Status != want.Status || got.Message != want.Message {
				t.Fatalf("%s judging %s: %+v; want %+v", caller, stored, got, want)
			}
		}
		refused := Decision{Verdict: abi.VerdictRefuse, Code: "other", Status: 403, Message: "This is not yours."}
		f(`{"id":"u1"}`, `{"author":"u1"}`, Decision{Verdict: abi.VerdictAllow})
		f(`{"id":"u1"}`, `{"author":"u2"}`, refused)
		f(``, `{"author":"u2"}`, refused)
		f(``, `{"title":"no author"}`, refused)
		f(`{"id":""}`, `{"author":null}`, refused)
	})
}

func TestPolicyTellsOfItself(t *testing.T) {
	p := load(t, anew(), recording(func(p *program) ops { return p.allow() }))
	if p.Name() != "test" || len(p.Version()) != 12 || p.Manifest().Masks[0] != "bio" {
		t.Fatalf("name %q, version %q, manifest %+v", p.Name(), p.Version(), p.Manifest())
	}
	if !p.Handles(abi.OperationView) || p.Handles(abi.OperationList) {
		t.Fatal("the policy does not handle what its manifest says")
	}
	_, _, err := p.Filter(t.Context(), &Input{Operation: abi.OperationList})
	wantFault(t, err, abi.FaultInvalid, "does not handle list")
	_, err = p.Before(t.Context(), view(t, `{}`))
	wantFault(t, err, abi.FaultInvalid, "does not handle view in the phase before")
}

func TestNoVerdictIsAFault(t *testing.T) {
	p := load(t, anew(), recording(func(*program) ops { return nil }))
	d, err := p.Record(t.Context(), view(t, `{}`))
	wantFault(t, err, abi.FaultInvalid, "without a verdict")
	if d.Verdict != abi.VerdictRefuse || d.Code != abi.FaultInvalid || d.Status != 403 {
		t.Fatalf("a fault decides %+v; want a refusal", d)
	}
}

func TestGuestThatGivesUpIsHeard(t *testing.T) {
	f := func(want string, body func(p *program) ops) {
		t.Helper()
		p := load(t, anew(), recording(body))
		_, err := p.Record(t.Context(), view(t, `{}`))
		wantFault(t, err, abi.FaultTrapped, want)
	}
	script := func(p *program, s string) int { // UTF-16 behind its size, as AssemblyScript has it
		b := []byte{byte(2 * len(s)), 0, 0, 0}
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return p.place(b) + 4
	}
	f("unreachable", func(*program) ops { return unreachable() })
	f("panic: no é here", func(p *program) ops { return seq(p.text("no é here"), host("panic")) })
	f("index out of range at policies/posts.ts:12:5", func(p *program) ops {
		return abortWith(script(p, "index out of range"), script(p, "policies/posts.ts"), 12, 5)
	})
	f("aborted at :1:2", func(*program) ops { return abortWith(0, 0, 1, 2) })
	f("aborted at :1:2", func(*program) ops { return abortWith(-2, 3, 1, 2) })
}

func TestLog(t *testing.T) {
	e := anew()
	var lines []string
	e.OnLog(func(policy, line string) { lines = append(lines, policy+": "+line) })
	p := load(t, e, recording(func(p *program) ops {
		long := p.place([]byte(strings.Repeat("x", 2000)))
		counted := seq(local(2), i32(1), add(), setLocal(2))
		return seq(i32(p.place([]byte{'a', 0xff})), i32(2), host("log"), i32(long), i32(2000), host("log"),
			loop(i32(long), i32(1), host("log"), counted, local(2), i32(200), op(0x49), againIf()), p.allow())
	}))
	if d, err := p.Record(t.Context(), view(t, `{}`)); err != nil || d.Verdict != abi.VerdictAllow {
		t.Fatalf("%+v, %v", d, err)
	}
	if len(lines) != abi.MaxLogLines || lines[0] != "test: a\uFFFD" || len(lines[1]) != len("test: ")+abi.MaxMessage {
		t.Fatalf("%d lines, the first %q, the second of %d bytes", len(lines), lines[0], len(lines[1]))
	}
}

func TestContextEndsWaiting(t *testing.T) {
	p := load(t, anew(), recording(func(p *program) ops { return p.allow() }))
	for range cap(p.pool.slots) {
		p.pool.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, err := p.Record(ctx, view(t, `{}`))
	if !errors.Is(err, context.Canceled) || d.Verdict != abi.VerdictRefuse {
		t.Fatalf("%+v, %v", d, err)
	}
	for range cap(p.pool.slots) {
		<-p.pool.slots
	}
}
