package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/policy"
)

// told is what a policy is told besides records: the same for every call of
// one request, the time included.
type told struct {
	caller, session, request, query, headers *fastjson.Value
	now                                      time.Time
}

// tell gathers it once.
func (op *operation) tell(ctx context.Context) error {
	if op.told != nil {
		return nil
	}
	var a fastjson.Arena
	t := &told{now: time.Now(), request: a.NewObject(), query: a.NewObject(), headers: a.NewObject()}
	t.request.Set("id", a.NewString(op.ID))
	t.request.Set("collection", a.NewString(op.collection.Name))
	t.request.Set("operation", a.NewString(op.Operation.String()))
	t.request.Set("address", a.NewString(op.Client.Addr().String()))
	if op.RecordID != "" {
		t.request.Set("record", a.NewString(op.RecordID))
	}
	for key := range op.Query {
		t.query.Set(key, a.NewString(op.Query.Get(key)))
	}
	for _, name := range abi.Headers {
		if v := op.Header().Get(name); v != "" {
			t.headers.Set(name, a.NewString(v))
		}
	}
	if op.caller != nil {
		if err := op.tellCaller(ctx, t, &a); err != nil {
			return err
		}
	}
	op.told = t
	return nil
}

// tellCaller adds who asks, with the fields of their record that the policy's
// manifest names.
func (op *operation) tellCaller(ctx context.Context, t *told, a *fastjson.Arena) error {
	t.session = a.NewObject()
	t.session.Set("id", a.NewString(op.caller.ID))
	t.session.Set("created", a.NewString(op.caller.Created.UTC().Format(types.DefaultDateLayout)))

	t.caller = a.NewObject()
	t.caller.Set("id", a.NewString(op.caller.RecordID))
	t.caller.Set("collectionId", a.NewString(op.caller.CollectionID))
	t.caller.Set("collectionName", a.NewString(op.caller.CollectionName))
	fields := op.policy.Manifest().Caller
	if len(fields) == 0 {
		return nil
	}
	_, record, err := reader(op.askShared).readStored(ctx, op.caller.CollectionID, op.caller.RecordID)
	if err != nil {
		if apierr.From(err).Status == http.StatusNotFound {
			return nil // a caller without a record has no further fields
		}
		return err
	}
	for _, name := range fields {
		if v := record.Get(name); v != nil && t.caller.Get(name) == nil {
			t.caller.Set(name, v)
		}
	}
	return nil
}

// input begins a policy call: what it may read, and from where its time counts.
func (op *operation) input(o abi.Operation, reason abi.Reason) *policy.Input {
	op.asked = time.Now()
	in := &policy.Input{
		Operation: o, Reason: reason, Now: op.told.now,
		Caller: op.told.caller, Session: op.told.session,
		Request: op.told.request, Query: op.told.query, Headers: op.told.headers,
		Budget: &op.spent.budget, Varies: &op.spent.varies,
	}
	if op.snapshot.Settings.Explain {
		op.trace = nil
		in.Trace = func(line string) { op.trace = append(op.trace, line) }
	}
	return in
}
