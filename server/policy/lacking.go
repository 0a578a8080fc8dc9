package policy

import (
	"fmt"

	"github.com/hapta/hapta/abi"
)

// lacking ends a message about a value that will not do for being absent. What is
// absent does not know its name; most likely it is the last field that was asked
// for and not there.
func (c *call) lacking(v *value) string {
	if v.kind != abi.KindAbsent || c.missing == "" {
		return ""
	}
	return fmt.Sprintf("; the last field that was not there is %q: ask first whether it exists", c.missing)
}
