package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/rawjson"
)

// write is what a create or an update is to store: one entry per field, with
// the value that results, and the files that go with it.
type write struct {
	*body
	fields  []writtenField // schema order
	extras  map[string]any // keys that are no fields
	byOwner bool           // credentials: goes as the caller, whoever decides
	opened  []io.Closer    // spooled uploads on their way to the database
}

// discard closes and removes the spooled uploads.
func (w *write) discard() {
	for _, f := range w.opened {
		_ = f.Close() // read only
	}
	w.body.discard()
}

type writtenField struct {
	pocketbase.ResolvedField
	uploads []part
	kept    []string // stored files that stay beside the uploads
	ignored bool     // PocketBase would not take it: judged, and not sent
}

// readWrite reads the body and resolves it against the stored record.
func (op *operation) readWrite() error {
	if err := op.checkNoFieldInQuery(); err != nil {
		return err
	}
	b := op.body
	if b == nil {
		var err error
		if b, err = readBody(&op.Passage, op.maxBody()); err != nil {
			return err
		}
	}
	w := &write{body: b}
	op.write = w // from here on end() discards it
	op.forgetModifiers()
	resolved, extras, err := op.collection.Resolve(op.model(), b.values)
	if err != nil {
		return unresolved(err)
	}
	w.extras = extras
	for _, f := range resolved {
		w.fields = append(w.fields, writtenField{ResolvedField: f})
	}
	if err := op.addUploads(); err != nil {
		return err
	}
	op.addIgnored()
	return op.guardFields()
}

func unresolved(err error) error {
	code := apierr.BadBody
	var field *pocketbase.FieldError
	if errors.As(err, &field) && field.Repeated {
		code = apierr.DuplicateField
	}
	return apierr.Detailed(code, "%v.", err)
}

// addIgnored shows the policy the keys that name a field with a modifier which
// fields of its type do not have, such as "published+". PocketBase ignores them,
// so they are judged as an attempt on the field and then not sent.
func (op *operation) addIgnored() {
	w := op.write
	for key := range w.extras {
		name, modifier := pocketbase.SplitKey(key)
		if op.collection.Field(name) == nil || modifier == pocketbase.ModifierNone {
			continue
		}
		delete(w.extras, key)
		if slices.ContainsFunc(w.fields, func(f writtenField) bool { return f.Name == name }) {
			continue
		}
		field := writtenField{ResolvedField: pocketbase.ResolvedField{Name: name, Modifier: modifier, Value: []byte("null")}, ignored: true}
		if m := op.model(); m != nil { // it would stay as it is
			if stored, err := json.Marshal(m.Get(name)); err == nil {
				field.Value = stored
			}
		}
		w.insert(op.collection, field)
	}
}

// model is the stored record as PocketBase's own; a create has none.
func (op *operation) model() *core.Record {
	if op.target == nil {
		return nil
	}
	return op.target.model
}

// checkNoFieldInQuery refuses URL parameters that PocketBase would bind as
// fields of a form body.
func (op *operation) checkNoFieldInQuery() error {
	for key := range op.Query {
		if name, _ := op.collection.FieldOf(key); key == jsonPayload || name != "" {
			return apierr.Detailed(apierr.FieldInQuery, "Send %q in the body; in the URL it is not taken as a field.", key)
		}
	}
	return nil
}

// guardFields keeps PocketBase's own guarantees where Hapta acts as superuser:
// hidden fields are dropped from what clients send, and what concerns signing
// in goes as the caller, so that PocketBase asks for the old password.
func (op *operation) guardFields() error {
	w, auth := op.write, op.collection.IsAuth()
	if op.asSuperuser && auth {
		for _, f := range w.fields {
			switch {
			case op.Operation == abi.OperationUpdate && slices.Contains(credentials, f.Name):
				w.byOwner = true
			case op.Operation == abi.OperationCreate && f.Name == "verified" && string(f.Value) != "false":
				return apierr.Detailed(apierr.FieldNotWritable, "A new account cannot say of itself that it is verified.")
			}
		}
	}
	if w.byOwner {
		op.fetchExpansions()
	}
	w.fields = slices.DeleteFunc(w.fields, func(f writtenField) bool {
		return op.collection.IsDropped(f.Name) || op.repeatsID(f) || op.isGenerated(f)
	})
	return nil
}

// repeatsID tells whether an update names the record's own id, as one that sends
// back what it read does. That changes nothing.
func (op *operation) repeatsID(f writtenField) bool {
	return op.Operation == abi.OperationUpdate && f.Name == core.FieldNameId && string(f.Value) == string(rawjson.AppendString(nil, op.RecordID))
}

// isGenerated tells whether the database fills in a blank that a client sends for a
// new record, as it does what is not sent at all.
func (op *operation) isGenerated(f writtenField) bool {
	text, ok := op.collection.Field(f.Name).(*core.TextField)
	return ok && text.AutogeneratePattern != "" && op.Operation == abi.OperationCreate && string(f.Value) == `""`
}

// credentials are the fields of auth records that decide who can sign in.
var credentials = []string{"password", "email", "verified", "tokenKey"}

// insert adds a field at its place in the schema.
func (w *write) insert(c *pocketbase.Collection, f writtenField) {
	at := slices.IndexFunc(w.fields, func(other writtenField) bool {
		return fieldIndex(c, other.Name) > fieldIndex(c, f.Name)
	})
	if at < 0 {
		at = len(w.fields)
	}
	w.fields = slices.Insert(w.fields, at, f)
}

// judged is the write as policies see it.
func (w *write) judged() ([]policy.Field, error) {
	fields := make([]policy.Field, len(w.fields))
	for i, f := range w.fields {
		if err := checkShape(f.Value); err != nil {
			return nil, err
		}
		v, err := fastjson.ParseBytes(f.Value)
		if err != nil {
			return nil, apierr.Caused(apierr.Internal, err)
		}
		fields[i] = policy.Field{Name: f.Name, Modifier: modifiers[f.Modifier], Value: v}
	}
	return fields, nil
}

var modifiers = map[string]abi.Modifier{
	pocketbase.ModifierNone: abi.ModifierNone, pocketbase.ModifierAppend: abi.ModifierAppend,
	pocketbase.ModifierPrepend: abi.ModifierPrepend, pocketbase.ModifierRemove: abi.ModifierRemove,
	pocketbase.ModifierAutogenerate: abi.ModifierAutogenerate,
}
