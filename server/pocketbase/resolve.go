package pocketbase

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// ResolvedField is one field of a write, with the value that results.
type ResolvedField struct {
	Name     string
	Modifier string          // how it came: one of the constants below, none where several did
	Value    json.RawMessage // the resulting value, as PocketBase stores it
	body     json.RawMessage // differs from Value where PocketBase would read that otherwise
}

// The modifiers that a key of a body may carry.
const (
	ModifierNone         = ""
	ModifierAppend       = "+"       // tags+
	ModifierPrepend      = "+prefix" // +tags
	ModifierRemove       = "-"       // tags-
	ModifierAutogenerate = ":autogenerate"
)

// Body is what to send to PocketBase under the field's plain name so that it
// stores Value. It is Value itself but for JSON fields that came as text, which
// PocketBase would read differently without.
func (f ResolvedField) Body() json.RawMessage {
	if f.body != nil {
		return f.body
	}
	return f.Value
}

// FieldError says why a body cannot be resolved.
type FieldError struct {
	Field    string
	Reason   string // continues a sentence that begins with the field's name
	Repeated bool   // the body changes the field under several keys
}

func (e *FieldError) Error() string { return fmt.Sprintf("%q %s", e.Field, e.Reason) }

// Resolve tells what PocketBase would store for a body, as decoded from JSON or
// a form: each field with its resulting value, in schema order, and the keys
// that are no fields. stored is the record that is written over, nil on create.
//
// Left out are, as PocketBase ignores them, dates that it sets by itself and,
// on create, empty texts that it generates. Passwords stay plain. File fields
// hold names; uploads are none of a body's.
//
// Several keys for one field are applied as PocketBase does: the plain one first,
// and then the modifiers.
//
// It refuses, with a *FieldError, modifiers whose order decides what is stored,
// and values that PocketBase would not store or would not read the same way twice.
func (c *Collection) Resolve(stored *core.Record, body map[string]any) (fields []ResolvedField, extras map[string]any, err error) {
	if c.Opaque != nil {
		return nil, nil, fmt.Errorf("collection %s is not understood: %w", c.Name, c.Opaque)
	}
	given, extras := c.assign(body)
	r := newResolver(c, stored)
	for i, field := range c.Fields {
		keys := given[i]
		if len(keys) == 0 || ignored(field) {
			continue
		}
		out := ResolvedField{Name: field.GetName()}
		if len(keys) == 1 {
			out.Modifier = keys[0].modifier
		}
		if err := r.resolve(&out, field, keys); err != nil {
			return nil, nil, err
		}
		if stored == nil && generated(field) && string(out.Value) == `""` {
			continue
		}
		fields = append(fields, out)
	}
	return fields, extras, nil
}

// ignored tells whether PocketBase ignores what is sent for the field.
func ignored(field core.Field) bool {
	_, ok := field.(*core.AutodateField)
	return ok
}

// generated tells whether PocketBase fills the field by itself on create.
func generated(field core.Field) bool {
	text, ok := field.(*core.TextField)
	return ok && text.AutogeneratePattern != ""
}

// resolver sets values the way PocketBase's API does: once to apply modifiers,
// and what comes out of that once more to store it.
type resolver struct {
	stored, first, second *core.Record
}

func newResolver(c *Collection, stored *core.Record) *resolver {
	if stored == nil {
		stored = c.NewRecord()
	}
	return &resolver{stored: stored.Fresh(), first: stored.Fresh(), second: stored.Fresh()}
}

func (r *resolver) resolve(out *ResolvedField, field core.Field, keys []given) (err error) {
	if _, ok := field.(*core.PasswordField); ok { // setting it would hash it
		plain, _ := (&core.TextField{}).PrepareValue(nil, keys[0].value)
		out.Value, err = json.Marshal(plain)
		return err
	}
	if out.Value, err = r.setAll(field, keys); err != nil {
		return err
	}
	if err := fixJSON(field, keys[0].value, out); err != nil {
		return err
	}
	return r.check(field, out)
}

// fixJSON makes the value of a JSON field that came as text readable in one way
// only: PocketBase keeps such a text's bytes, in which a key may occur twice.
// It goes as text again, and keeps the digits of its numbers.
func fixJSON(field core.Field, value any, out *ResolvedField) (err error) {
	_, isJSON := field.(*core.JSONField)
	if _, isText := value.(string); !isJSON || !isText {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(out.Value))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return err
	}
	if out.Value, err = json.Marshal(plain); err != nil {
		return err
	}
	out.body, err = json.Marshal(string(out.Value))
	return err
}

// set returns what PocketBase stores for the keys in this order.
func (r *resolver) set(field core.Field, keys ...given) (json.RawMessage, error) {
	name := field.GetName()
	r.first.SetRaw(name, r.stored.GetRaw(name))
	for _, g := range keys {
		r.first.SetIfFieldExists(g.key, g.value)
	}
	r.second.SetIfFieldExists(name, r.first.Get(name))
	out, err := json.Marshal(r.second.Get(name))
	if err != nil { // not a number, infinity, and texts that PocketBase quotes wrongly
		return nil, &FieldError{Field: name, Reason: "has a value that PocketBase cannot store"}
	}
	return out, nil
}

// check makes sure that sending the result stores the result.
func (r *resolver) check(field core.Field, out *ResolvedField) error {
	var sent any
	if err := json.Unmarshal(out.Body(), &sent); err != nil {
		return &FieldError{Field: out.Name, Reason: "has a value that PocketBase cannot store"}
	}
	again, err := r.set(field, given{key: out.Name, value: sent})
	if err != nil {
		return err
	}
	if !bytes.Equal(again, out.Value) {
		return &FieldError{Field: out.Name, Reason: "has a value that PocketBase reads in two ways; send it as plain JSON"}
	}
	return nil
}
