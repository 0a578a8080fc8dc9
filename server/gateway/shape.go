package gateway

import "github.com/hapta/hapta/server/apierr"

// What is judged of a body is held in memory value by value, and a record is read
// as part of larger JSON later on.
const (
	maxNested = 128    // objects and lists within each other
	maxValues = 100000 // values in all
)

// checkShape bounds JSON before it is decoded: a megabyte of empty lists would
// become hundreds.
func checkShape(raw []byte) error {
	depth, deepest, values := 0, 0, 1
	inText := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
			values++
		case c == ']' || c == '}':
			depth--
		case c == ',':
			values++
		}
	}
	switch {
	case deepest > maxNested:
		return apierr.Detailed(apierr.BadBody, "The body is nested more than %d deep.", maxNested)
	case values > maxValues:
		return apierr.Detailed(apierr.BadBody, "The body holds more than %d values.", maxValues)
	}
	return nil
}
