package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

// FuzzHostFunctions calls host functions in any order with any arguments.
// Whatever comes of it, the host itself must not fail.
func FuzzHostFunctions(f *testing.F) {
	for n := range abi.Functions {
		f.Add(byte(n), []byte{byte(n), 1, 2, 3, 4, 5})
	}
	f.Add(byte(1), []byte{3, 6, 3, 7, 4, 1, 1, 18, 1, 1})
	f.Fuzz(func(t *testing.T, phase byte, script []byte) {
		if len(script) > 400 {
			return
		}
		e := abi.Exports[1:][phase%4]
		p := &program{manifest: manifestOf("list view create update delete", `"writes":["a"]`, `"masks":["a"]`, `"relations":["a"]`)}
		p.exports = map[string]ops{"hapta_filter": {}, "hapta_before": {}, "hapta_record": {}, "hapta_page": {}}
		p.exports[e.Name] = fuzzed(p, script)
		fuzzCall(t, p, e.Phase)
	})
}

// fuzzed makes a body of a script: a function, then a byte for each argument.
func fuzzed(p *program, script []byte) (body ops) {
	p.name("a")
	p.code("failed")
	p.set("a")
	p.place([]byte("a*?\xff"))
	next := func() int {
		if len(script) == 0 {
			return 0
		}
		b := script[0]
		script = script[1:]
		return int(b)
	}
	for len(script) > 0 {
		f := abi.Functions[next()%len(abi.Functions)]
		for _, typ := range f.Params {
			arg := next()
			switch {
			case typ == abi.F64:
				body = append(body, f64(float64(arg)/2)...)
			case arg > 250:
				body = append(body, i32(-1<<(arg-250))...)
			case arg > 240:
				body = append(body, i32(1024+arg-240)...) // texts are there
			default:
				body = append(body, i32(arg)...)
			}
		}
		body = append(body, host(f.Name)...)
		if f.Result != abi.None {
			body = append(body, drop()...)
		}
	}
	return body
}

func fuzzCall(t *testing.T, p *program, phase abi.Phase) {
	t.Helper()
	e := NewEngine(Limits{Fuel: 100_000, MemoryBytes: 1 << 20})
	policy := load(t, e, p)
	o := map[abi.Phase]abi.Operation{
		abi.PhaseFilter: abi.OperationList, abi.PhaseBefore: abi.OperationUpdate,
		abi.PhaseRecord: abi.OperationView, abi.PhasePage: abi.OperationView,
	}[phase]
	in := view(t, `{"a":"text","b":[1,null,{"c":"d"}],"n":-1.5,"t":true}`)
	in.Operation = o
	in.Caller = parse(t, `{"a":"x"}`)
	in.Incoming = []Field{{Name: "a", Value: parse(t, `["x"]`)}}
	i, err := policy.call(t.Context(), phase, in, []Record{*in.Stored, *in.Stored}, false)
	if err == nil {
		policy.finish(i)
	}
	var fault *Fault
	if errors.As(err, &fault) && (fault.Code == abi.FaultTrapped || strings.Contains(fault.Detail, "runtime error")) && !strings.HasPrefix(fault.Detail, "panic: ") {
		t.Fatalf("the host failed: %v", err)
	}
	if phase == abi.PhasePage {
		return
	}
	var first string
	for n := range 3 { // the later ones are recalled
		d, filter, err := policy.decide(t.Context(), phase, in)
		d.Err = nil
		got := fmt.Sprintf("%+v %s %v", d, filter, err)
		if n == 0 {
			first = got
		} else if got != first {
			t.Fatalf("decided %s at first, and then %s", first, got)
		}
	}
}
