package wasm

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// engines are the two ways in which a module runs.
var engines = map[string]wazero.RuntimeConfig{
	"compiler":    wazero.NewRuntimeConfigCompiler(),
	"interpreter": wazero.NewRuntimeConfigInterpreter(),
}

func newRuntime(tb testing.TB, engine string) wazero.Runtime {
	tb.Helper()
	config := engines[engine].WithCoreFeatures(api.CoreFeaturesV2).WithMemoryLimitPages(256)
	rt := wazero.NewRuntimeWithConfig(context.Background(), config)
	tb.Cleanup(func() { rt.Close(context.Background()) })
	return rt
}

// outcome is all that a call leaves behind.
type outcome struct {
	results []uint64
	err     string   // first line
	memory  uint64   // hash
	globals []uint64 // exported as g0, g1, …
	fuel    int64    // used
	left    int64
	depth   int64
	refused int64

	untracked int // bytes that changed where nothing was noted
}

type instance struct {
	api.Module
	names Instrumented
}

func instantiate(tb testing.TB, rt wazero.Runtime, module []byte, names Instrumented) *instance {
	tb.Helper()
	m, err := rt.InstantiateWithConfig(context.Background(), module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		tb.Fatalf("instantiate: %v", err)
	}
	return &instance{Module: m, names: names}
}

func (i *instance) value(name string) int64 {
	if g := i.ExportedGlobal(name); g != nil {
		return int64(g.Get())
	}
	return 0
}

// call runs an export with so much fuel.
func (i *instance) call(fuel int64, name string, args ...uint64) outcome {
	if i.names.Fuel != "" {
		i.ExportedGlobal(i.names.Fuel).(api.MutableGlobal).Set(uint64(fuel))
	}
	before := i.everything()
	if i.names.WrittenFrom != "" { // begin to note anew
		i.ExportedGlobal(i.names.WrittenFrom).(api.MutableGlobal).Set(math.MaxUint32)
		i.ExportedGlobal(i.names.WrittenTo).(api.MutableGlobal).Set(0)
	}
	results, err := i.ExportedFunction(name).Call(context.Background(), args...)
	o := outcome{results: results}
	if err != nil {
		o.err, _, _ = strings.Cut(err.Error(), "\n")
	}
	after := i.everything()
	h := fnv.New64a()
	h.Write(after)
	o.memory = h.Sum64()
	if i.names.WrittenFrom != "" {
		o.untracked = i.untracked(before, after)
	}
	for n := 0; i.ExportedGlobal(fmt.Sprint("g", n)) != nil; n++ {
		o.globals = append(o.globals, i.ExportedGlobal(fmt.Sprint("g", n)).Get())
	}
	o.left = i.value(i.names.Fuel)
	o.fuel = fuel - o.left
	o.depth = int64(int32(i.value(i.names.Depth)))
	o.refused = i.value(i.names.MemoryRefused)
	return o
}

// everything is a copy of the memory.
func (i *instance) everything() []byte {
	m := i.Memory()
	if reflect.ValueOf(m).IsNil() {
		return nil
	}
	all, _ := m.Read(0, m.Size())
	return bytes.Clone(all)
}

func (i *instance) untracked(before, after []byte) (n int) {
	from := int64(uint32(i.value(i.names.WrittenFrom))) - WrittenMargin
	to := int64(uint32(i.value(i.names.WrittenTo))) + WrittenMargin
	for at, b := range before { // what has grown is new altogether
		if b != after[at] && (int64(at) < from || int64(at) > to) {
			n++
		}
	}
	return n
}

// inspect must succeed.
func inspect(tb testing.TB, module []byte) *Module {
	tb.Helper()
	m, err := Inspect(module, DefaultLimits())
	if err != nil {
		tb.Fatalf("inspect: %v", err)
	}
	return m
}

func instrument(tb testing.TB, module []byte) ([]byte, Instrumented) {
	tb.Helper()
	out, names, err := inspect(tb, module).Instrument(Options{})
	if err != nil {
		tb.Fatalf("instrument: %v", err)
	}
	return out, names
}

// yardstick instruments without slack: either with the segments that Inspect
// finds, or with every instruction charged on its own.
func yardstick(tb testing.TB, module []byte, each bool) ([]byte, Instrumented) {
	tb.Helper()
	m := inspect(tb, module)
	v := &validator{module: m, exact: each}
	r := &reader{data: m.raw[sectionCode], what: "code"}
	r.u32()
	for i := range m.functions {
		f := &m.functions[i]
		f.segments, f.marks = nil, nil
		m.readBody(r.sub(r.u32(), "function"), v, f)
	}
	m.settleCharges(0)
	out, names, err := m.Instrument(Options{})
	if r.err != nil || err != nil {
		tb.Fatal(r.err, err)
	}
	return out, names
}
