package wasm

import (
	"context"
	"testing"

	"github.com/tetratelabs/wazero/api"
)

// What the host takes from the fuel during a call must count for the rest of
// that call: compiled code may not go on with a copy of its own.
func TestHostTakesFuel(t *testing.T) {
	b := &build{}
	b.imported("host", "take", b.typ("", ""))
	long := code(opNop)
	for range 100 {
		long = append(long, code(num(1), opDrop)...)
	}
	b.exported("f", "", "", "", opCall, 0, num(1), opIf, 0x40, long, opEnd)
	module, names := instrument(t, b.bytes())
	for engine := range engines {
		rt := newRuntime(t, engine)
		var taken uint64
		_, err := rt.NewHostModuleBuilder("host").NewFunctionBuilder().
			WithGoModuleFunction(api.GoModuleFunc(func(_ context.Context, m api.Module, _ []uint64) {
				fuel := m.ExportedGlobal(names.Fuel).(api.MutableGlobal)
				fuel.Set(fuel.Get() - taken)
			}), nil, nil).Export("take").Instantiate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		i := instantiate(t, rt, module, names)
		plain := i.call(1000, "f")
		if plain.err != "" {
			t.Fatalf("%s: %s", engine, plain.err)
		}
		if taken = 300; i.call(1000, "f").fuel != plain.fuel+300 {
			t.Errorf("%s: the host's 300 units are not in the sum", engine)
		}
		if taken = 900; i.call(1000, "f").left >= 0 {
			t.Errorf("%s: ran on without fuel", engine)
		}
	}
}
