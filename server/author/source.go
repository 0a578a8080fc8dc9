package author

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/rawjson"
)

// source is a JSON file of which mistakes are told by their line.
type source struct {
	file string
	text []byte
}

// newSource refuses what is not JSON.
func newSource(file string, text []byte) (*source, error) {
	s := &source{file, slices.Clip(text)}
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	var wrong *json.SyntaxError
	if errors.As(err, &wrong) {
		return nil, s.mistake(s.text[min(int(wrong.Offset), len(text)):], "it is not JSON: %v", wrong)
	}
	if err == nil {
		_, err = fastjson.ParseBytes(text) // which bounds how deep values lie in one another
	}
	if err != nil {
		return nil, mistake("%s: it cannot be read: %v", file, err)
	}
	return s, nil
}

// line is that of a value, which is a slice of the text.
func (s *source) line(value []byte) int {
	return 1 + bytes.Count(s.text[:cap(s.text)-cap(value)], []byte("\n"))
}

func (s *source) mistake(value []byte, format string, args ...any) error {
	return mistake("%s:%d: %s", s.file, s.line(value), fmt.Sprintf(format, args...))
}

// members are what an object may hold, with what takes each.
type members map[string]func(value []byte) error

// object gives each member to what takes it.
func (s *source) object(object []byte, what string, m members) error {
	return s.fields(object, what, func(key string, value []byte) error {
		take := m[key]
		if take == nil {
			return s.mistake(value, "%q is no member of %s; %s", key, what, config.Meant(key, slices.Collect(maps.Keys(m))))
		}
		return take(value)
	})
}

// fields visits the members of an object, whatever their names.
func (s *source) fields(object []byte, what string, visit func(key string, value []byte) error) error {
	if len(object) == 0 || object[0] != '{' {
		return s.mistake(object, "%s has to be an object", what)
	}
	seen := map[string]bool{}
	return rawjson.Fields(object, func(key string, value []byte) error {
		if seen[key] {
			return s.mistake(value, "%s has the member %q twice", what, key)
		}
		seen[key] = true
		return visit(key, value)
	})
}

func (s *source) items(list []byte, what string, visit func(value []byte) error) error {
	if len(list) == 0 || list[0] != '[' {
		return s.mistake(list, "%s has to be a list", what)
	}
	return rawjson.Items(list, visit)
}

// into takes a plain value, of which kind says what it has to be.
func (s *source) into(to any, kind string) func(value []byte) error {
	return func(value []byte) error {
		if err := json.Unmarshal(value, to); err != nil || string(value) == "null" {
			return s.mistake(value, "expected %s, found %.40s", kind, value)
		}
		return nil
	}
}

// named takes one of the names that a table of the ABI has.
func named[T interface {
	~uint32
	Known() bool
	String() string
}](s *source, to *T, what string) func(value []byte) error {
	return func(value []byte) error {
		var name string
		if err := s.into(&name, "a text")(value); err != nil {
			return err
		}
		var known []string
		for v := T(1); v.Known(); v++ {
			if v.String() == name {
				*to = v
				return nil
			}
			known = append(known, v.String())
		}
		return s.mistake(value, "%q is no %s; %s", name, what, config.Meant(name, known))
	}
}
