package policy

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// vector is one of abi/testdata; README.md there says what each member means.
type vector struct {
	Name, Phase, Operation                           string
	Caller, Session, Request, Query, Headers, Stored json.RawMessage
	Relations                                        map[string]json.RawMessage
	Incoming                                         []struct {
		Name, Modifier string
		Value          json.RawMessage
	}
	Page     []json.RawMessage
	Steps    []step
	Decision json.RawMessage

	number int // which the clock tells: milliseconds after its start
}

// trap is a fault that a call must end in; the zero one is none.
type trap struct{ code, detail string }

var clock = time.UnixMilli(1714564800123)

// vectorFile is a file of vectors, without its extension.
type vectorFile struct {
	name    string
	vectors []*vector
}

type step struct {
	Do     string
	Args   []any
	To     string
	Is     *json.Number
	Reads  *string
	Writes *string
	Traps  bool
}

// told is a decision as vectors write it.
type told struct {
	Verdict string       `json:"verdict"`
	Code    string       `json:"code,omitempty"`
	Status  int          `json:"status,omitempty"`
	Message string       `json:"message,omitempty"`
	Effects []toldEffect `json:"effects,omitempty"`
	Masks   []string     `json:"masks,omitempty"`
	Filter  string       `json:"filter,omitempty"`
}

type toldEffect struct {
	Name  string          `json:"name"`
	Unset bool            `json:"unset,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

func vectorFiles(t *testing.T) (list []vectorFile) {
	t.Helper()
	files, err := filepath.Glob("../../abi/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no vectors: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := vectorFile{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(text, &f.vectors); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, v := range f.vectors {
			v.complete()
		}
		list = append(list, f)
	}
	return list
}

// complete fills in what may be left out.
func (v *vector) complete() {
	if v.Phase == "" {
		v.Phase = "record"
	}
	if v.Operation == "" {
		v.Operation = map[string]string{"filter": "list", "before": "create", "record": "view", "page": "view"}[v.Phase]
	}
}

func TestConformance(t *testing.T) {
	files := vectorFiles(t)
	f := func(t *testing.T, e *Engine) {
		for _, file := range files {
			for _, v := range file.vectors {
				t.Run(v.Name, func(t *testing.T) { v.run(t, e) })
			}
		}
	}
	onBoth(t, f)
	t.Run("remembering", func(t *testing.T) { f(t, NewEngine(testLimits)) })
}

func (v *vector) run(t *testing.T, e *Engine) {
	p := &program{manifest: manifestOf("list view create update delete",
		`"writes":["author","count","flag"]`, `"masks":["bio","email"]`, `"relations":["post","tags"]`)}
	nothing := ops{}
	p.exports = map[string]ops{"hapta_filter": nothing, "hapta_before": nothing, "hapta_record": nothing, "hapta_page": nothing}
	body, traps := v.assemble(t, p)
	p.exports["hapta_"+v.Phase] = body
	want := trap{}
	if traps != "" {
		want = trap{abi.FaultInvalid, traps + ": "}
	}
	v.checkAgain(t, load(t, e, p), want)
}

// checkAgain checks more than once.
func (v *vector) checkAgain(t *testing.T, policy *Policy, want trap) {
	t.Helper()
	v.check(t, policy, want, nil)
	v.check(t, policy, want, nil)             // nor does a memory of the first time
	v.check(t, policy, want, func(string) {}) // a trace changes nothing
}

func (v *vector) check(t *testing.T, policy *Policy, traps trap, trace func(string)) {
	t.Helper()
	got, err := v.decide(t, policy, trace)
	if traps != (trap{}) {
		wantFault(t, err, traps.code, traps.detail)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if v.Decision == nil {
		if got[0].Verdict != "allow" {
			t.Fatalf("a step failed: %s", got[0].Message)
		}
		return
	}
	var want []told
	decision := v.Decision
	if v.Phase != "page" {
		decision = json.RawMessage("[" + string(v.Decision) + "]")
	}
	if err := json.Unmarshal(decision, &want); err != nil {
		t.Fatal(err)
	}
	if g, w := compact(t, got), compact(t, want); g != w {
		t.Fatalf("decided %s\nwant    %s", g, w)
	}
}

// assemble turns the steps into a function, and names the function that is to
// trap. A step that goes wrong refuses with a message that tells which.
func (v *vector) assemble(t *testing.T, p *program) (body ops, traps string) {
	t.Helper()
	const results = 512 // where results are kept, 8 bytes each
	at := map[string]int{}
	decided := false
	for i, s := range v.Steps {
		f, ok := abi.FunctionNamed(s.Do)
		if !ok {
			t.Fatalf("step %d: there is no function %s", i, s.Do)
		}
		wrong := seq(i32(2), p.code("failed"), i32(0), p.text(fmt.Sprintf("step %d (%s)", i, s.Do)), host("verdict"), leave())
		var call ops
		buffer := 0
		for _, a := range s.Args {
			if room, ok := a.(map[string]any); ok && room["room"] != nil {
				buffer = p.place(make([]byte, 64))
				call = append(call, seq(i32(buffer), i32(int(room["room"].(float64))))...)
				continue
			}
			call = append(call, v.argument(t, p, a, at, results)...)
		}
		call = append(call, host(s.Do)...)
		if f.Result != abi.None && s.Is == nil && s.Reads == nil && s.To == "" {
			call = append(call, drop()...)
		}
		if s.To != "" {
			if _, known := at[s.To]; !known {
				at[s.To] = results + 8*len(at)
			}
			call = store(at[s.To], call)
		}
		switch {
		case s.Is != nil:
			n, err := s.Is.Float64()
			if err != nil {
				t.Fatal(err)
			}
			call = seq(call, constant(f.Result, n), equal(f.Result), op(0x45), when(wrong))
		case s.Reads != nil:
			call = seq(call, p.text(*s.Reads), host("equals_text"), op(0x45), when(wrong))
		}
		if s.Writes != nil {
			for n := range 64 { // what is not part of the text is zero
				want := byte(0)
				if n < len(*s.Writes) {
					want = (*s.Writes)[n]
				}
				call = seq(call, i32(buffer+n), op(0x2d, 0, 0), i32(int(want)), op(0x47), when(wrong))
			}
		}
		body = append(body, call...)
		decided = decided || s.Do == "verdict"
		if s.Traps {
			return body, s.Do
		}
	}
	if !decided {
		body = append(body, p.allow()...)
	}
	return body, ""
}

func (v *vector) argument(t *testing.T, p *program, a any, at map[string]int, results int) ops {
	t.Helper()
	switch a := a.(type) {
	case float64:
		return i32(int(a))
	case string:
		place, known := at[a[1:]]
		if !known {
			t.Fatalf("%s is not the result of a step before", a)
		}
		return load32(place)
	case map[string]any:
		for kind, arg := range a {
			switch kind {
			case "name":
				return p.name(arg.(string))
			case "code":
				return p.code(arg.(string))
			case "text":
				return p.text(arg.(string))
			case "f64":
				return f64(arg.(float64))
			case "bytes":
				b, err := hex.DecodeString(arg.(string))
				if err != nil {
					t.Fatal(err)
				}
				return seq(i32(p.place(b)), i32(len(b)))
			case "set":
				names := []string{}
				for _, n := range arg.([]any) {
					names = append(names, n.(string))
				}
				return p.set(names...)
			}
		}
	}
	t.Fatalf("%v is no argument", a)
	return nil
}

func constant(typ abi.Type, n float64) ops {
	switch typ {
	case abi.F64:
		return f64(n)
	case abi.I64:
		return append(op(0x42), sleb(int64(n))...)
	}
	return i32(int(n))
}

func equal(typ abi.Type) ops {
	return map[abi.Type]ops{abi.I32: op(0x46), abi.I64: op(0x51), abi.F64: op(0x61)}[typ]
}

func (v *vector) decide(t *testing.T, p *Policy, trace func(string)) ([]told, error) {
	t.Helper()
	o, known := abi.OperationNamed(v.Operation)
	if !known {
		t.Fatalf("there is no operation %q", v.Operation)
	}
	in := &Input{Operation: o, Reason: abi.ReasonAsked, Now: clock.Add(time.Duration(v.number) * time.Millisecond), Trace: trace}
	in.Caller, in.Session, in.Request = parse(t, string(v.Caller)), parse(t, string(v.Session)), parse(t, string(v.Request))
	in.Query, in.Headers = parse(t, string(v.Query)), parse(t, string(v.Headers))
	if v.Stored != nil {
		in.Stored = v.record(t, v.Stored)
	}
	for _, f := range v.Incoming {
		field := Field{Name: f.Name, Value: parse(t, string(f.Value))}
		for m := abi.ModifierNone; m.Known(); m++ {
			if m.String() == f.Modifier {
				field.Modifier = m
			}
		}
		in.Incoming = append(in.Incoming, field)
	}
	var d Decision
	var n *filter.Node
	var err error
	switch v.Phase {
	case "filter":
		d, n, err = p.Filter(t.Context(), in)
	case "before":
		d, err = p.Before(t.Context(), in)
	case "record":
		d, err = p.Record(t.Context(), in)
	case "page":
		return v.decidePage(t, p, in)
	}
	return []told{tell(d, n)}, err
}

// decidePage makes the call itself, for Page would judge one by one after a trap.
func (v *vector) decidePage(t *testing.T, p *Policy, in *Input) (list []told, err error) {
	var records []Record
	for _, r := range v.Page {
		records = append(records, *v.record(t, r))
	}
	i, err := p.call(t.Context(), abi.PhasePage, in, records, false)
	if err != nil {
		return nil, err
	}
	defer p.finish(i)
	for n := range records {
		d, err := i.call.decision(n)
		if err != nil {
			return nil, err
		}
		list = append(list, tell(d, nil))
	}
	return list, nil
}

func (v *vector) record(t *testing.T, text json.RawMessage) *Record {
	r := &Record{Value: parse(t, string(text))}
	for name, text := range v.Relations {
		if r.Relations == nil {
			r.Relations = map[string]*fastjson.Value{}
		}
		r.Relations[name] = parse(t, string(text))
	}
	return r
}

func tell(d Decision, n *filter.Node) told {
	w := told{Verdict: d.Verdict.String(), Code: d.Code, Status: d.Status, Message: d.Message, Masks: d.Masks, Filter: n.String()}
	for _, e := range d.Effects {
		w.Effects = append(w.Effects, toldEffect(e))
	}
	return w
}

func compact(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryHostFunctionIsThere(t *testing.T) {
	for _, f := range abi.Functions {
		if hostFunctions[f.Name] == nil {
			t.Errorf("the host lacks %s", f.Name)
		}
	}
	if len(hostFunctions) != len(abi.Functions) {
		t.Errorf("the host has %d functions; the ABI has %d: %v", len(hostFunctions), len(abi.Functions), reflect.ValueOf(hostFunctions).MapKeys())
	}
}
