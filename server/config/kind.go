package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// kind is what one key takes and where it goes.
type kind struct {
	expected string             // completes "expected …"
	store    func(v any) bool   // v as TOML decodes it; false: not one of these
	read     func(s string) any // the text of a variable, as TOML would decode it
}

func text(p *string) kind {
	return textWhere(p, "a text in quotes", func(string) bool { return true })
}

func path(p *string) kind {
	return textWhere(p, "the path of a folder in quotes", func(s string) bool {
		return strings.TrimSpace(s) != ""
	})
}

func oneOf(p *string, words ...string) kind {
	return textWhere(p, `"`+strings.Join(words, `" or "`)+`"`, func(s string) bool {
		return slices.Contains(words, s)
	})
}

func textWhere(p *string, expected string, good func(string) bool) kind {
	return kind{expected, func(v any) bool {
		s, ok := v.(string)
		if !ok || strings.ContainsRune(s, 0) || !good(s) {
			return false
		}
		*p = s
		return true
	}, verbatim}
}

func boolean(p *bool) kind {
	return kind{"true or false", func(v any) bool {
		b, ok := v.(bool)
		if ok {
			*p = b
		}
		return ok
	}, func(s string) any {
		if b, err := strconv.ParseBool(s); err == nil {
			return b
		}
		return s
	}}
}

func whole[N int | int64](p *N, least, most int64) kind {
	expected := fmt.Sprintf("a whole number from %d to %d", least, most)
	if most == math.MaxInt64 {
		expected = fmt.Sprintf("a whole number of at least %d", least)
	}
	return kind{expected, func(v any) bool {
		n, ok := v.(int64)
		if !ok || n < least || n > most {
			return false
		}
		*p = N(n)
		return true
	}, number}
}

// size takes a number of bytes, or a text with a binary unit.
func size(p *int64, least, most int64) kind {
	expected := fmt.Sprintf("a size from %s to %s such as \"1MiB\", or its number of bytes", binary(least), binary(most))
	return kind{expected, func(v any) bool {
		n, ok := v.(int64)
		if s, is := v.(string); is {
			n, ok = parseSize(s)
		}
		if !ok || n < least || n > most {
			return false
		}
		*p = n
		return true
	}, number}
}

// sizeOrNone is a size that may be 0 as well.
func sizeOrNone(p *int64, least, most int64) kind {
	k := size(p, least, most)
	expected := fmt.Sprintf("a size from %s to %s such as \"64MiB\", or its number of bytes, or 0", binary(least), binary(most))
	return kind{expected, func(v any) bool {
		if v == int64(0) || v == "0" {
			*p = 0
			return true
		}
		return k.store(v)
	}, k.read}
}

var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

func parseSize(s string) (int64, bool) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(s, u.name); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
			return n * u.bytes, err == nil && n >= 0 && n <= math.MaxInt64/u.bytes
		}
	}
	return 0, false
}

// binary writes a size in its largest even unit.
func binary(n int64) string {
	for _, u := range units {
		if n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return ""
}

func list(p *[]string, expected string, good func(string) bool) kind {
	return kind{expected, func(v any) bool {
		items, ok := v.([]any)
		if !ok {
			return false
		}
		all := make([]string, 0, len(items))
		for _, item := range items {
			s, ok := item.(string)
			if !ok || !good(s) {
				return false
			}
			all = append(all, s)
		}
		*p = all
		return true
	}, commas}
}

func verbatim(s string) any { return s }

func number(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return s
}

func commas(s string) any {
	items := []any{}
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
