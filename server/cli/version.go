package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is what the binary is made of.
type Version struct {
	Version    string // of Hapta; empty: not a release
	Commit     string // empty: as the Go tool noted it
	ABI        string
	PocketBase string
}

// String is a line for each part.
func (v Version) String() string {
	if v.Version == "" {
		v.Version = "dev"
	}
	if v.Commit == "" {
		v.Commit = commit()
	}
	return fmt.Sprintf("hapta-server %s\ncommit       %s\ngo           %s %s/%s\nabi          %s\npocketbase   %s\n",
		v.Version, v.Commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, v.ABI, v.PocketBase)
}

// commit is what the Go tool noted when it built from a repository.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	return revision + changed
}
