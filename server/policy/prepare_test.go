package policy

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

func TestLoadRefuses(t *testing.T) {
	f := func(module []byte, want string) {
		t.Helper()
		_, err := anew().Load(t.Context(), "posts", module)
		var l *LoadError
		if !errors.As(err, &l) || l.Policy != "posts" || !strings.Contains(err.Error(), want) {
			t.Fatalf("the error is %v; want a LoadError with %q", err, want)
		}
	}
	good := recording(func(p *program) ops { return p.allow() }).build()
	// renamed changes a name in the module for one of the same length.
	renamed := func(from, to string) []byte {
		t.Helper()
		if len(from) != len(to) || !bytes.Contains(good, text(from)) {
			t.Fatalf("%s cannot become %s", from, to)
		}
		return bytes.Replace(good, text(from), text(to), 1)
	}
	f(nil, "not a WebAssembly module")
	f([]byte("export default {}"), "not a WebAssembly module")
	f(good[:len(good)/2], "")
	f(renamed("hapta_manifest", "other_manifest"), "no policy of Hapta's")
	f(append(bytes.Clone(good), good[bytes.LastIndex(good, text(abi.ManifestSection))-2:]...), "it has 2")
	f(renamed("memory", "memori"), "does not export its memory")
	f(renamed("hapta_record", "hapta_recrod"), "exports hapta_recrod, which hapta_v1 does not know")
	f(renamed("hapta_record", "other_record"), "does not export hapta_record")
	f(renamed("hapta_init", "hapta_page"), "its export hapta_page is not a function with 3 parameters")
	f(renamed("equals", "equalz"), "imports hapta_v1.equalz, which is not offered; the SDK that built the policy is newer")
	f(renamed("hapta_v1", "hapta_v2"), "this server speaks hapta_v1")
	f(renamed("abort", "trace"), "use the SDK's log")
	f(bytes.Replace(good, append(text("env"), text("abort")...), append(text("env"), text("seeds")...), 1), "imports env.seeds")
	f(bytes.Replace(good, append(text("hapta_v1"), text("get")...), append(text("wasi_new"), text("get")...), 1), "without WASI")
	f(bytes.Replace(good, append(text("hapta_v1"), text("kind")...), append(text("hapta_v1"), text("read")...), 1), "which is not its type")
	p := recording(func(p *program) ops { return p.allow() })
	p.manifest = `{"name":"p","operations":["list"]}`
	f(p.build(), "names the operation list, but it does not export hapta_filter")
	p.manifest = `{"name":"p"}`
	f(p.build(), "its manifest is not valid: it names no operation")
	p = recording(func(p *program) ops { return p.allow() })
	p.memory = [2]uint32{17, 0}
	f(p.build(), "")
}

func TestAdvice(t *testing.T) {
	f := func(module, name, want string) {
		t.Helper()
		if got := advice(module, module+"."+name); !strings.Contains(got, want) {
			t.Fatalf("%s.%s: %q; want %q", module, name, got, want)
		}
	}
	f("env", "seed", "no random numbers")
	f("env", "Date.now", "now")
	f("env", "console.log", "log")
	f("wasi_snapshot_preview1", "fd_write", "without WASI")
	f("hapta_v9", "get", "SDK of this version")
	f("hapta_v1", "fly", "newer than this server")
	f("env", "memory", "only functions of hapta_v1")
}
