package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy/wasm"
)

// hostile is a module made to do harm, kept as testdata/hostile/<file>.wasm,
// and what comes of it: it is refused while loading, or its call ends with a
// fault, or it decides, each time as if it were the first.
type hostile struct {
	file, tries string
	module      []byte

	refused      string // what loading says
	code, detail string // of the fault
	decides      string // verdict and code
	bomb         bool   // it loads, where the compiler has the time: a server's has not
}

func refused(file, tries, want string, module []byte) hostile {
	return hostile{file: file, tries: tries, module: module, refused: want}
}

func ends(file, tries, code, detail string, p *program) hostile {
	return hostile{file: file, tries: tries, module: p.build(), code: code, detail: detail}
}

// harmless are those that are let do what they do.
func harmless(file, tries string, p *program) hostile {
	return hostile{file: file, tries: tries, module: p.build(), decides: "allow"}
}

var allHostile = sync.OnceValue(func() []hostile {
	return slices.Concat(endlessWork(), manyOfEverything(), hiddenState(), outOfRange(), lies(), badInits(),
		refusedShapes(), refusedInstructions(), refusedInterfaces(), forgedManifests(), bombs())
})

// hostileLimits are low, for the interpreter is slow at spending what is there.
var hostileLimits = Limits{Fuel: 300_000, MemoryBytes: 1 << 20}

func TestHostile(t *testing.T) {
	test := func(t *testing.T, e *Engine) {
		e.limits = hostileLimits
		innocent := load(t, e, recording(func(p *program) ops {
			return seq(p.field(abi.RootCaller, "id"), p.field(abi.RootStored, "author"), host("equals"),
				when(p.allow(), leave()), p.refuse("other", "This is not yours."))
		}))
		for _, h := range allHostile() {
			t.Run(h.file, func(t *testing.T) {
				h.test(t, e)
				wantInnocent(t, innocent, ann, "allow")
				wantInnocent(t, innocent, bob, "refuse other")
			})
		}
	}
	onBoth(t, test)
	t.Run("remembering", func(t *testing.T) { test(t, NewEngine(hostileLimits)) })
}

func wantInnocent(t *testing.T, p *Policy, caller, want string) {
	t.Helper()
	in := view(t, `{"author":"ann"}`)
	in.Caller = parse(t, caller)
	d, err := p.Record(t.Context(), in)
	if got := toldShort(d); err != nil || got != want {
		t.Errorf("the innocent policy decides %q, %v; want %q", got, err, want)
	}
}

// test loads the file and makes the call three times over.
func (h *hostile) test(t *testing.T, e *Engine) {
	module := readHostile(t, h.file+".wasm")
	if h.bomb {
		if _, err := prepare(module, e.limits, wasm.Options{}); err != nil {
			t.Fatalf("it does not get as far as the compiler: %v", err)
		}
		return
	}
	p, err := e.Load(t.Context(), "hostile", module)
	if h.refused != "" {
		var l *LoadError
		if !errors.As(err, &l) || l.Policy != "hostile" || !strings.Contains(err.Error(), h.refused) {
			t.Fatalf("loading says %v; want %q", err, h.refused)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer p.Retire()
	in := hostileInput(t, p)
	var first string
	for n := range 3 {
		d, err := attack(t.Context(), p, in)
		h.check(t, d, err)
		if d.Fuel <= 0 || d.Fuel > p.Limits().Fuel {
			t.Fatalf("call %d used %d units of fuel; it may %d", n, d.Fuel, p.Limits().Fuel)
		}
		if got := fmt.Sprintf("%+v, %v", d, err); n == 0 {
			first = got
		} else if got != first {
			t.Fatalf("call %d came to %s; the first to %s", n, got, first)
		}
	}
}

func (h *hostile) check(t *testing.T, d Decision, err error) {
	t.Helper()
	if h.code != "" {
		wantFault(t, err, h.code, h.detail)
		if d.Verdict != abi.VerdictRefuse || d.Code != h.code {
			t.Fatalf("a fault decides %+v; want a refusal", d)
		}
		return
	}
	if got := toldShort(d); err != nil || got != h.decides {
		t.Fatalf("it decides %q (%s), %v; want %q", got, d.Message, err, h.decides)
	}
}

func toldShort(d Decision) string { return strings.TrimSpace(d.Verdict.String() + " " + d.Code) }

// attack makes the call that the policy is for.
func attack(ctx context.Context, p *Policy, in *Input) (Decision, error) {
	switch {
	case in.Operation == abi.OperationList:
		d, _, err := p.Filter(ctx, in)
		return d, err
	case in.Operation != abi.OperationView:
		return p.Before(ctx, in)
	case !p.code.page:
		return p.Record(ctx, in)
	}
	i, err := p.call(ctx, abi.PhasePage, in, []Record{*in.Stored, *in.Stored}, false) // Page would try one by one then
	if err != nil {
		return refusal(err), err
	}
	defer p.finish(i)
	d, err := i.call.decision(0)
	if err != nil {
		d = refusal(err)
	}
	d.Fuel = i.call.used
	return d, err
}

// hostileInput has much of everything for the policy to work on.
func hostileInput(t *testing.T, p *Policy) *Input {
	in := view(t, richRecord())
	in.Operation, in.Caller = p.Manifest().Operations[0], parse(t, ann)
	in.Incoming = []Field{{Name: "title", Value: parse(t, `"T"`)}}
	return in
}

// richRecord has a long text, a wide object, a long list, a long number and long
// keys.
var richRecord = sync.OnceValue(func() string {
	object := func(size int, prefix string) string {
		var members []string
		for n := range size {
			members = append(members, fmt.Sprintf(`"%s%04d":1`, prefix, n))
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	keys := object(40, strings.Repeat("k", 1000))
	return fmt.Sprintf(`{"id":"r1","author":"bob","bio":%q,"wide":%s,"list":[%s],"digits":0.%s,"keys":%s,"same":%s}`,
		strings.Repeat("a", 1<<16), object(3000, "k"), strings.Repeat("1,", 3000)+"1", strings.Repeat("7", 1<<16), keys, keys)
})
