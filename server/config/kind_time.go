package config

import (
	"fmt"
	"strconv"
	"time"
)

// duration takes Go's notation, and a plain 0 since that needs no unit.
func duration(p *time.Duration, least time.Duration) kind {
	expected := `a duration in quotes such as "90s" or "720h", not negative`
	if least > 0 {
		expected = `a duration in quotes such as "90s" or "720h", above 0`
	}
	return kind{expected, func(v any) bool {
		s, ok := v.(string)
		if v == int64(0) {
			s, ok = "0", true
		}
		d, err := time.ParseDuration(s)
		if !ok || err != nil || d < least {
			return false
		}
		*p = d
		return true
	}, verbatim}
}

// span takes Go's notation for what is not forever, and a plain 0 where that is
// enough.
func span(p *time.Duration, least time.Duration) kind {
	return kind{fmt.Sprintf(`a duration in quotes such as "10s", from %v to 24h`, least), func(v any) bool {
		s, ok := v.(string)
		if v == int64(0) {
			s, ok = "0", true
		}
		d, err := time.ParseDuration(s)
		if !ok || err != nil || d < least || d > 24*time.Hour {
			return false
		}
		*p = d
		return true
	}, verbatim}
}

// period is a span that may be written as milliseconds too.
func period(p *time.Duration) kind {
	k := span(p, time.Millisecond)
	return kind{"milliseconds, or " + k.expected, func(v any) bool {
		if n, ok := v.(int64); ok {
			v = strconv.FormatInt(n, 10) + "ms"
		}
		return k.store(v)
	}, number}
}
