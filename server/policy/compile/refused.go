package compile

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// refusedFile says in place of native code which bound a module met, so that it
// does not keep every start and every look at it for ten seconds.
const refusedFile = "refused"

// keepRefusal is how long that is believed: another time the machine may be idle.
const keepRefusal = time.Hour

// bounds are the refusals that are kept.
var bounds = []error{errTooSlow, errTooLarge}

// refuse keeps it, if err is that a bound was met. When it cannot, the module is
// tried again.
func refuse(dir string, err error) {
	for _, bound := range bounds {
		if errors.Is(err, bound) && os.MkdirAll(dir, 0o700) == nil {
			_ = os.WriteFile(filepath.Join(dir, refusedFile), []byte(bound.Error()), 0o600)
		}
	}
}

// refused is the bound that the module met not long ago, nil for none.
func refused(dir string) error {
	path := filepath.Join(dir, refusedFile)
	info, err := os.Lstat(path)
	if err != nil || time.Since(info.ModTime()) > keepRefusal {
		return nil
	}
	said, err := readRegular(path)
	for _, bound := range bounds {
		if err == nil && string(said) == bound.Error() {
			return bound
		}
	}
	return nil
}
