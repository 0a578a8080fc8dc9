package pocketbase

import (
	"runtime/debug"
	"strings"
)

const module = "github.com/pocketbase/pocketbase"

// Version is the version of the embedded PocketBase, such as 0.39.11, as the
// build recorded it; "unknown" when it did not.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == module {
			return strings.TrimPrefix(m.Version, "v")
		}
	}
	return "unknown"
}
