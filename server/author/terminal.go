package author

import (
	"io"
	"strconv"
	"strings"
	"unicode"
)

// terminal writes control characters as escapes: what policies and cases say goes
// to a terminal, which would obey them.
type terminal struct{ w io.Writer }

func (t terminal) Write(p []byte) (int, error) {
	var shown strings.Builder
	for _, r := range string(p) {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			shown.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			shown.WriteRune(r)
		}
	}
	if _, err := io.WriteString(t.w, shown.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}
