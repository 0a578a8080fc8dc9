package scaffold

import (
	"io/fs"

	sdkrust "github.com/hapta/hapta/sdk-rust"
	sdkts "github.com/hapta/hapta/sdk-ts"
)

// language is one that policies are written in.
type language struct {
	extension string // of a policy's file
	sdk       string // the folder of its SDK, in the tree and beside policies
	kept      string // what its tools have put into that folder
	lock      string // the file that says what is in kept
}

var (
	typeScript = language{".ts", "sdk-ts", "node_modules", "package-lock.json"}
	rust       = language{".rs", "sdk-rust", "", ""}
)

func languageOf(name string) (language, error) {
	switch name {
	case "", "ts":
		return typeScript, nil
	case "rust":
		return rust, nil
	}
	return language{}, mistaken("policies are written in ts (TypeScript) or rust, not in %q", name)
}

// files are the SDK's, as this binary carries them.
func (l language) files() fs.FS {
	if l == rust {
		return sdkrust.Files
	}
	return sdkts.Files
}
