package scaffold

import (
	"os"
	"path/filepath"
)

// sdk is a folder with what policies of a language are compiled with.
type sdk struct {
	language
	dir     string
	inTree  bool   // of a checkout of this project, and not to be touched
	beneath string // the hidden folder that it is in, unless in a tree
}

// findSDK tells which SDK compiles the policies of a folder: that of the
// checkout that the folder is in, or the one out of this binary, beside them.
func findSDK(dir string, l language) (*sdk, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for up := whole; ; up = filepath.Dir(up) {
		if isTree(up) {
			return &sdk{language: l, dir: filepath.Join(up, l.sdk), inTree: true}, nil
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	beneath := filepath.Join(dir, hidden)
	return &sdk{language: l, dir: filepath.Join(beneath, l.sdk), beneath: beneath}, nil
}

// isTree tells whether the folder is a checkout of this project.
func isTree(dir string) bool {
	for _, name := range []string{"sdk-ts/bin/hapta-asc.mjs", "sdk-rust/build-policy.sh", "abi/hapta_v1.toml"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}
