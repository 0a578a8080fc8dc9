package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// signUp is a record that a sign-up by OAuth2 makes, on its way to be decided as a
// create.
type signUp struct {
	op   *operation
	sent map[string]any // the client's createData

	asked   bool
	refusal error
	changed map[string]json.RawMessage // what the policy wants written
}

// judge decides about the record and applies the policy's effects to it.
func (s *signUp) judge(ctx context.Context, record *core.Record) error {
	s.asked = true
	s.refusal = s.decide(ctx, record)
	return s.refusal
}

func (s *signUp) decide(ctx context.Context, record *core.Record) error {
	op := *s.op
	op.access = op.snapshot.access[op.collection.Id] // a sign-in goes as the user, whoever decides
	op.Request = &Request{Passage: op.Passage, Operation: abi.OperationCreate, Collection: op.Collection}
	if !op.handles(abi.OperationCreate) {
		if op.asSuperuser {
			return apierr.New(apierr.NotHandled)
		}
		return nil
	}
	var err error
	op.write = &write{body: &body{}}
	if op.write.fields, err = s.fields(record); err != nil {
		return err
	}
	in := op.input(abi.OperationCreate, abi.ReasonSignedIn)
	if in.Incoming, err = op.write.judged(); err != nil {
		return err
	}
	decision, err := op.policy.Before(ctx, in)
	if err := op.outcome(decision, err); err != nil {
		return err
	}
	if err := op.apply(decision.Effects); err != nil {
		return err
	}
	s.changed = map[string]json.RawMessage{}
	for _, e := range decision.Effects {
		s.changed[e.Name] = op.write.value(e.Name)
		record.Set(e.Name, decoded(s.changed[e.Name]))
	}
	return nil
}

// fields are what the record holds: the client's own fields and those that come
// from the provider. What PocketBase generates is none of them, unless the client
// sent it.
func (s *signUp) fields(record *core.Record) (fields []writtenField, err error) {
	empty := s.op.collection.NewRecord()
	for _, f := range s.op.collection.Fields {
		name := f.GetName()
		value, sent := s.sent[name]
		switch {
		case f.GetHidden() && name != core.FieldNamePassword, f.Type() == core.FieldTypeAutodate:
			continue
		case name == core.FieldNameId, name == core.FieldNamePassword, name == core.FieldNameVerified:
			if !sent {
				continue
			}
		case f.Type() == core.FieldTypeFile:
			value = namesOf(record, f)
		default:
			value = record.Get(name)
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, apierr.From(err)
		}
		if none, err := json.Marshal(empty.Get(name)); err == nil && bytes.Equal(raw, none) {
			continue
		}
		fields = append(fields, writtenField{ResolvedField: pocketbase.ResolvedField{Name: name, Value: raw}})
	}
	return fields, nil
}

// namesOf are the names in a file field, those of uploads included.
func namesOf(record *core.Record, f core.Field) any {
	names := record.GetStringSlice(f.GetName())
	for _, file := range record.GetUnsavedFiles(f.GetName()) {
		names = append(names, file.Name)
	}
	return decoded(fileValue(f, names))
}

// judgeStored decides about a record that is stored already, because the database
// could not ask before. One that is refused is removed again.
func (s *signUp) judgeStored(ctx context.Context, signed signedIn) (signedIn, error) {
	id := idOf(signed.Record)
	raw, _, err := reader(s.op.gateway.askNow).readStored(ctx, s.op.collection.Id, id)
	if err != nil {
		return signed, err
	}
	record, err := s.op.collection.RecordFromJSON(raw)
	if err != nil {
		return signed, unavailable(err)
	}
	if refusal := s.judge(ctx, record); refusal != nil {
		ctx = context.WithoutCancel(ctx) // whoever went away must not leave it there
		if err := s.asSuperuser(ctx, http.MethodDelete, id, nil); err != nil {
			s.op.logger().Error("the record of a refused sign-up could not be removed", "record", id, "cause", err)
		}
		return signed, refusal
	}
	if len(s.changed) == 0 {
		return signed, nil
	}
	fields, err := json.Marshal(s.changed)
	if err != nil {
		return signed, apierr.From(err)
	}
	if err := s.asSuperuser(ctx, http.MethodPatch, id, fields); err != nil {
		return signed, err
	}
	signed.Token, signed.Record, err = s.op.gateway.db.Prove(ctx, s.op.collection.Id, signed.Token)
	if err != nil {
		return signed, unavailable(err)
	}
	return signed, nil
}

func (s *signUp) asSuperuser(ctx context.Context, method, id string, fields []byte) error {
	token, err := s.op.gateway.db.Superuser()
	if err != nil {
		return unavailable(err)
	}
	req := &pocketbase.Request{Method: method, Path: recordPath(s.op.collection.Id, id), Token: token, Header: http.Header{}}
	if fields != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Body, req.ContentLength = bytes.NewReader(fields), int64(len(fields))
	}
	answer, err := s.op.gateway.db.Fetch(ctx, req)
	if err != nil {
		return unavailable(err)
	}
	if answer.Status >= http.StatusMultipleChoices {
		return unavailable(fmt.Errorf("%s of a record that signed up: status %d", method, answer.Status))
	}
	s.op.gateway.cache.TouchRecord(s.op.collection.Id, id)
	return nil
}

// value is a field's; null when it is not written.
func (w *write) value(name string) json.RawMessage {
	for _, f := range w.fields {
		if f.Name == name {
			return f.Value
		}
	}
	return json.RawMessage("null")
}

func decoded(raw json.RawMessage) (v any) {
	_ = json.Unmarshal(raw, &v) // of Hapta's own making
	return v
}
