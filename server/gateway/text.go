package gateway

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/hapta/hapta/server/apierr"
)

// checkText refuses bytes that are not UTF-8 and escapes of lone surrogates,
// which decoders replace, each in its own way.
func checkText(raw []byte) error {
	if !utf8.Valid(raw) {
		return apierr.Detailed(apierr.BadBody, "The body is not valid UTF-8.")
	}
	for i := bytes.IndexByte(raw, '\\'); i >= 0 && i+1 < len(raw); {
		width := 2
		if raw[i+1] == 'u' {
			paired, n := surrogate(raw[i:])
			if !paired {
				return apierr.Detailed(apierr.BadBody, "The body has half of a surrogate pair, which is no character.")
			}
			width = n
		}
		next := bytes.IndexByte(raw[min(i+width, len(raw)):], '\\')
		if next < 0 {
			return nil
		}
		i += width + next
	}
	return nil
}

// surrogate tells whether the \u escape at the start of b is a whole
// character, and how many bytes it takes.
func surrogate(b []byte) (whole bool, width int) {
	high, ok := unit(b)
	switch {
	case !ok || high < 0xD800 || high > 0xDFFF:
		return true, 6 // malformed escapes are the JSON decoder's to refuse
	case high >= 0xDC00 || len(b) < 12:
		return false, 6
	}
	low, ok := unit(b[6:])
	return ok && low >= 0xDC00 && low <= 0xDFFF, 12
}

func unit(b []byte) (uint64, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return v, err == nil
}
