package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// versions tells what was measured, as the build has it.
func versions(w io.Writer, all []labelled) {
	fmt.Fprintln(w, "\nmeasured with")
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, path := range []string{
			"github.com/cedar-policy/cedar-go", "github.com/open-policy-agent/opa", "github.com/dop251/goja",
			"github.com/valyala/fastjson", "github.com/tetratelabs/wazero",
		} {
			fmt.Fprintf(w, "  %s %s\n", path, versionOf(build, path))
		}
	}
	for _, e := range all[rustRow : assemblyScriptRow+1] {
		if h, ok := e.engine.(*hapta); ok {
			fmt.Fprintf(w, "  hapta of this tree, policy %s %s\n", h.policy.Name(), h.policy.Version())
		}
	}
	fmt.Fprintf(w, "  %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func versionOf(build *debug.BuildInfo, path string) string {
	for _, m := range build.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return "unknown"
}
