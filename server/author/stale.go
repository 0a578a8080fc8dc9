package author

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// slack is how much newer a source may be: a checkout writes all files at once.
const slack = 2 * time.Second

// warnOfSource says when the module is older than the source beside it.
func (t *Tools) warnOfSource(u unit) {
	module, err := os.Stat(u.module())
	if err != nil {
		return
	}
	for _, source := range []string{string(u) + ".ts", string(u) + ".rs", string(u)} {
		if newest(source).After(module.ModTime().Add(slack)) {
			_, _ = fmt.Fprintf(t.Err, "warning: %s is newer than %s, which is what runs here; compile it: hapta-server policy build %s\n", source, u.module(), u.name())
		}
	}
}

// newest is when a file, or a file of a folder, was changed last.
func newest(path string) (last time.Time) {
	_ = filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // what is not there is not newer
		}
		if info, err := e.Info(); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return nil
	})
	return last
}
