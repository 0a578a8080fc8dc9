package policy

import (
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	f := func(module, name, want string) {
		t.Helper()
		if got := advice(module, module+"."+name); !strings.Contains(got, want) {
			t.Fatalf("%s.%s: %q; want %q", module, name, got, want)
		}
	}
	f("env", "seed", "no random numbers")
	f("env", "trace", "the SDK's log")
	f("env", "Date.now", "now")
	f("env", "console.log", "log")
	f("wasi_snapshot_preview1", "fd_write", "without WASI")
	f("hapta_v9", "get", "SDK of this version")
	f("hapta_v1", "fly", "newer than this server")
	f("env", "memory", "only functions of hapta_v1")
}
