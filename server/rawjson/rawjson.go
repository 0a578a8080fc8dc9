// Package rawjson cuts encoded JSON at its top level without decoding it, so
// that a record can lose fields while the bytes of the others stay the very
// ones the database sent. It imports nothing of the server.
package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrSyntax says that the bytes are not the JSON that was asked for.
var ErrSyntax = errors.New("malformed JSON")

// Fields calls visit with each member of an object, in order. The key is
// decoded; the value is a slice of b.
func Fields(b []byte, visit func(key string, value []byte) error) error {
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return fmt.Errorf("%w: no object", ErrSyntax)
	}
	return members(b, i+1, '}', func(i int) (int, error) {
		start := i
		end, err := skipString(b, i)
		if err != nil {
			return 0, err
		}
		key, err := decodeKey(b[start:end])
		if err != nil {
			return 0, err
		}
		i = space(b, end)
		if i >= len(b) || b[i] != ':' {
			return 0, fmt.Errorf("%w: no colon after a key", ErrSyntax)
		}
		start = space(b, i+1)
		end, err = skipValue(b, start)
		if err != nil {
			return 0, err
		}
		return end, visit(key, b[start:end])
	})
}

// Items calls visit with each item of an array, in order.
func Items(b []byte, visit func(value []byte) error) error {
	i := space(b, 0)
	if i >= len(b) || b[i] != '[' {
		return fmt.Errorf("%w: no array", ErrSyntax)
	}
	return members(b, i+1, ']', func(i int) (int, error) {
		end, err := skipValue(b, i)
		if err != nil {
			return 0, err
		}
		return end, visit(b[i:end])
	})
}

// members walks what stands between commas up to the closing byte; one reads a
// member at i and returns where it ends.
func members(b []byte, i int, closing byte, one func(i int) (int, error)) error {
	i = space(b, i)
	if i < len(b) && b[i] == closing {
		return end(b, i+1)
	}
	for {
		next, err := one(space(b, i))
		if err != nil {
			return err
		}
		i = space(b, next)
		switch {
		case i >= len(b):
			return fmt.Errorf("%w: it ends early", ErrSyntax)
		case b[i] == closing:
			return end(b, i+1)
		case b[i] != ',':
			return fmt.Errorf("%w: unexpected %q", ErrSyntax, b[i])
		}
		i++
	}
}

func end(b []byte, i int) error {
	if i = space(b, i); i != len(b) {
		return fmt.Errorf("%w: something follows the end", ErrSyntax)
	}
	return nil
}

// Without appends the object to dst without the members that drop names.
func Without(dst, object []byte, drop func(key string) bool) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	err := Fields(object, func(key string, value []byte) error {
		if drop(key) {
			return nil
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = AppendString(dst, key)
		dst = append(dst, ':')
		dst = append(dst, value...)
		return nil
	})
	return append(dst, '}'), err
}

// AppendString appends s as a JSON string.
func AppendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			quoted, err := json.Marshal(s)
			if err != nil { // a string always encodes
				panic(err)
			}
			return append(dst, quoted...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

func decodeKey(quoted []byte) (string, error) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return "", fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	return s, nil
}

// skipString returns the index behind the string that starts at i.
func skipString(b []byte, i int) (int, error) {
	if i >= len(b) || b[i] != '"' {
		return 0, fmt.Errorf("%w: no string", ErrSyntax)
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			i++
		}
	}
	return 0, fmt.Errorf("%w: a string without an end", ErrSyntax)
}

// skipValue returns the index behind the value that starts at i. It balances
// brackets and strings and leaves the inside of a value to whoever decodes it.
func skipValue(b []byte, i int) (int, error) {
	start, depth := i, 0
	for i < len(b) {
		switch b[i] {
		case '"':
			next, err := skipString(b, i)
			if err != nil {
				return 0, err
			}
			i = next
			if depth == 0 {
				return i, nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return bare(start, i)
			}
			if depth--; depth == 0 {
				return i + 1, nil
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return bare(start, i)
			}
		}
		i++
	}
	if depth > 0 {
		return 0, fmt.Errorf("%w: it ends early", ErrSyntax)
	}
	return bare(start, i)
}

// bare ends a number, true, false or null.
func bare(start, end int) (int, error) {
	if start == end {
		return 0, fmt.Errorf("%w: a value is missing", ErrSyntax)
	}
	return end, nil
}
