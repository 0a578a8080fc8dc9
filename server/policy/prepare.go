package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy/wasm"
)

// prepared is a module made ready to compile, and what is known of it.
type prepared struct {
	bytes    []byte
	manifest *Manifest
	imports  []string // host functions
	abort    bool     // it imports env.abort
	page     bool     // it judges whole pages
	counters wasm.Instrumented
}

// pageSize is the unit of WebAssembly's memory, in bytes.
const pageSize = 64 << 10

// prepare validates a module against the ABI and rewrites it so that its work
// is counted and its state can be put back.
func prepare(module []byte, l Limits, o wasm.Options) (*prepared, error) {
	limits := wasm.DefaultLimits()
	limits.MemoryPages = int(l.MemoryBytes / pageSize)
	m, err := wasm.Inspect(module, limits)
	if err != nil {
		return nil, err
	}
	c := &prepared{}
	for _, step := range []func(*wasm.Module) error{c.readManifest, checkMemory, c.checkImports, c.checkExports} {
		if err := step(m); err != nil {
			return nil, err
		}
	}
	o.MemoryPages = int(c.manifest.within(l).MemoryBytes / pageSize)
	if memory, _ := m.Memory(); int64(memory.Min) > int64(o.MemoryPages) {
		return nil, fmt.Errorf("its memory begins with %d bytes, and its manifest asks for %d at most", int64(memory.Min)*pageSize, c.manifest.Memory)
	}
	c.bytes, c.counters, err = m.Instrument(o)
	return c, err
}

func (c *prepared) readManifest(m *wasm.Module) error {
	section, count := m.Custom(abi.ManifestSection)
	if count != 1 {
		return fmt.Errorf("it is no policy of Hapta's, which have one custom section %s; it has %d: build it with one of the SDKs", abi.ManifestSection, count)
	}
	manifest, err := parseManifest(section)
	if err != nil {
		return fmt.Errorf("its manifest is not valid: %w", err)
	}
	c.manifest = manifest
	return nil
}

func checkMemory(m *wasm.Module) error {
	if slices.ContainsFunc(m.Exports(), func(e wasm.Export) bool { return e.Name == "memory" && e.Kind == wasm.KindMemory }) {
		return nil
	}
	return errors.New("it does not export its memory as memory")
}

// instead tells the author what to use for imports that toolchains bring along.
var instead = map[string]string{
	"env.seed":     "policies have no random numbers: the same input must give the same decision",
	"env.trace":    "use the SDK's log",
	"env.Date.now": "use the SDK's now, which is frozen for the call",
}

func (c *prepared) checkImports(m *wasm.Module) error {
	for _, i := range m.Imports() {
		name := i.Module + "." + i.Name
		var params []abi.Type
		result := abi.None
		f, known := abi.FunctionNamed(i.Name)
		switch {
		case i.Module == abi.Module && known:
			params, result = f.Params, f.Result
			c.imports = append(c.imports, i.Name)
		case name == "env.abort":
			params = abortParams
			c.abort = true
		default:
			return fmt.Errorf("it imports %s, which is not offered; %s", name, advice(i.Module, name))
		}
		if !sameTypes(i.Type.Params, params) || !sameTypes(i.Type.Results, typeList(result)) {
			return fmt.Errorf("it imports %s with the type %s, which is not its type; build the policy with an SDK of this version", name, i.Type)
		}
	}
	slices.Sort(c.imports)
	c.imports = slices.Compact(c.imports)
	return nil
}

func advice(module, name string) string {
	switch {
	case instead[name] != "":
		return instead[name]
	case strings.HasPrefix(name, "env.console."):
		return "use the SDK's log"
	case strings.HasPrefix(module, "wasi"):
		return "policies have no system to talk to: build for wasm32-unknown-unknown, without WASI"
	case module == abi.Module:
		return "the SDK that built the policy is newer than this server"
	case strings.HasPrefix(module, "hapta_v"):
		return "this server speaks " + abi.Module + "; build the policy with an SDK of this version"
	}
	return "only functions of " + abi.Module + " and env.abort are"
}

func sameTypes(got []wasm.ValueType, want []abi.Type) bool {
	return slices.EqualFunc(got, want, func(g wasm.ValueType, w abi.Type) bool { return byte(g) == byte(w) })
}

func typeList(t abi.Type) []abi.Type {
	if t == abi.None {
		return nil
	}
	return []abi.Type{t}
}

func (c *prepared) checkExports(m *wasm.Module) error {
	found := map[string]bool{}
	for _, e := range m.Exports() {
		if !strings.HasPrefix(e.Name, "hapta_") {
			continue
		}
		i := slices.IndexFunc(abi.Exports, func(x abi.Export) bool { return x.Name == e.Name })
		if i < 0 {
			return fmt.Errorf("it exports %s, which %s does not know; build the policy with an SDK of this version", e.Name, abi.Module)
		}
		want := make([]abi.Type, abi.Exports[i].Params)
		for n := range want {
			want[n] = abi.I32
		}
		if e.Kind != wasm.KindFunction || !sameTypes(e.Type.Params, want) || len(e.Type.Results) > 0 {
			return fmt.Errorf("its export %s is not a function with %d parameters i32 and no result", e.Name, len(want))
		}
		found[e.Name] = true
	}
	for _, o := range c.manifest.Operations {
		for _, e := range abi.Exports {
			if e.Required && o.Phases().Has(e.Phase) && !found[e.Name] {
				return fmt.Errorf("its manifest names the operation %s, but it does not export %s; build the policy with one of the SDKs", o, e.Name)
			}
			c.page = c.page || e.Phase == abi.PhasePage && found[e.Name]
		}
	}
	return nil
}
