package gateway

import (
	"context"
	"errors"
	"slices"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/rawjson"
)

// judgeAnswer decides about what came back, record by record, and writes the
// answer anew from the database's bytes without what is kept back.
func (op *operation) judgeAnswer(ctx context.Context, answer *Response) (*Response, error) {
	if op.policy == nil && op.branches == nil || op.Operation == abi.OperationDelete {
		return answer, nil
	}
	if err := op.awaitTurn(ctx); err != nil {
		return nil, err
	}
	var err error
	switch {
	case op.Operation == abi.OperationList:
		answer.Body, err = op.judgePage(ctx, answer.Body)
		if err == nil && op.drops() { // it is seen for the first time
			return op.listVisible(ctx)
		}
	case op.Operation == abi.OperationView:
		answer.Body, err = op.judgeOne(ctx, answer.Body, abi.ReasonAsked)
	default:
		answer.Body, err = op.judgeWritten(ctx, answer.Body)
	}
	op.rereadIfOutdated(ctx)
	return answer, err
}

func (op *operation) rereadIfOutdated(ctx context.Context) {
	if op.outdated {
		op.gateway.rereadSchema(ctx)
	}
}

// judgeOne judges a record and returns what of it may leave.
func (op *operation) judgeOne(ctx context.Context, raw []byte, reason abi.Reason) ([]byte, error) {
	var masks []string
	if op.handles(abi.OperationView) {
		_, err := op.judged(ctx, [][]byte{raw}, func(records []policy.Record) error {
			if len(records) == 0 {
				return apierr.NotFound()
			}
			in := op.input(abi.OperationView, reason)
			in.Stored = &records[0]
			decision, err := op.policy.Record(ctx, in)
			masks = decision.Masks
			return op.outcome(decision, err)
		})
		if err != nil {
			return nil, err
		}
	}
	shown, err := op.shown(raw, masks)
	if err != nil {
		return nil, unavailable(err)
	}
	one := [][]byte{shown}
	if err := op.expandInto(ctx, [][]byte{raw}, one); err != nil {
		return nil, err
	}
	return picked(one[0], op.pick)
}

// judgeAll judges records in one go, with what is expanded in them. It returns
// those that are still there and, for each, what may leave: nil for nothing.
func (op *operation) judgeAll(ctx context.Context, raw [][]byte, reason abi.Reason, leftOut func(record []byte, d *policy.Decision) bool) (there, shown [][]byte, err error) {
	if there, shown, err = op.judgeEach(ctx, raw, reason, leftOut); err != nil {
		return nil, nil, err
	}
	return there, shown, op.expandInto(ctx, there, shown)
}

// judgeEach is judgeAll for the records themselves, nothing expanded in them.
func (op *operation) judgeEach(ctx context.Context, raw [][]byte, reason abi.Reason, leftOut func(record []byte, d *policy.Decision) bool) (there, shown [][]byte, err error) {
	decisions := make([]*policy.Decision, len(raw)) // nil: the policy has no say
	if len(raw) > 0 && op.handles(abi.OperationView) {
		judge := func(records []policy.Record) (err error) {
			decisions, err = op.policy.Page(ctx, op.input(abi.OperationView, reason), records)
			return op.failed(err)
		}
		if raw, err = op.judgedTogether(ctx, raw, judge); err != nil {
			return nil, nil, err
		}
	}
	shown = make([][]byte, len(raw))
	for i := range raw {
		var masks []string
		if d := decisions[i]; d != nil {
			if leftOut(raw[i], d) {
				continue
			}
			masks = d.Masks
		}
		if shown[i], err = op.shown(raw[i], masks); err != nil {
			return nil, nil, unavailable(err)
		}
	}
	return raw, shown, nil
}

// judgedTogether leaves out the records that cannot be judged, and has the others
// judged.
func (op *operation) judgedTogether(ctx context.Context, raw [][]byte, judge func([]policy.Record) error) ([][]byte, error) {
	for {
		there, err := op.judged(ctx, slices.Clone(raw), judge)
		var skipped *unjudgeable
		if !errors.As(err, &skipped) {
			return there, err
		}
		others := skipped.leaveOut(raw)
		if len(others) == len(raw) {
			return nil, err
		}
		op.logger().Error("records are left out", "cause", err)
		raw = others
	}
}

// judgeExpanded judges records that are to be expanded in others.
func (op *operation) judgeExpanded(ctx context.Context, raw [][]byte) (there, shown [][]byte, err error) {
	if op.asSuperuser && !op.handles(abi.OperationView) {
		return nil, nil, nil
	}
	if op.policy != nil {
		if err := op.tell(ctx); err != nil {
			return nil, nil, err
		}
	}
	return op.judgeAll(ctx, raw, abi.ReasonExpanded, op.keptBack)
}

// judgeWritten answers a write: the record as the caller may see it, and its
// id alone when they may not. What is stored stays stored.
func (op *operation) judgeWritten(ctx context.Context, raw []byte) ([]byte, error) {
	if !op.asSuperuser || op.handles(abi.OperationView) {
		shown, err := op.judgeOne(ctx, raw, abi.ReasonWritten)
		if err == nil {
			return shown, nil
		}
	}
	return op.idAlone(raw)
}

func (op *operation) idAlone(raw []byte) ([]byte, error) {
	out, err := rawjson.Without(nil, raw, func(key string) bool { return key != "id" })
	if err != nil {
		return nil, unavailable(err)
	}
	return out, nil
}

// judged has encoded records judged. What the database showed the caller may
// lack fields; if the policy turns on one of those, the records are read once more,
// whole, and judged again. It returns the encoded ones without those that were
// deleted in the meantime.
func (op *operation) judged(ctx context.Context, raw [][]byte, judge func([]policy.Record) error) (there [][]byte, err error) {
	if !op.policy.AsksForWithheld() {
		records, err := op.records(raw)
		if err == nil {
			err = op.relate(ctx, records)
		}
		if err == nil {
			err = judge(records)
		}
		if !errors.Is(err, policy.ErrWithheld) {
			return raw, err
		}
	}
	records, err := op.records(raw)
	if err == nil && slices.ContainsFunc(records, func(r policy.Record) bool { return len(r.Withheld) > 0 }) {
		records, raw, err = op.completed(ctx, records, raw)
	}
	if err == nil {
		err = op.relate(ctx, records)
	}
	if err != nil {
		return nil, err
	}
	return raw, judge(records)
}

// records decodes what the database answered, and notes which fields it lacks. A
// superuser's answer lacks none.
func (op *operation) records(raw [][]byte) ([]policy.Record, error) {
	var a fastjson.Arena
	var skipped unjudgeable
	records := make([]policy.Record, len(raw))
	for i, r := range raw {
		v, err := parseRecord(r)
		if isUnreadable(err) {
			skipped.add(idOf(r))
			continue
		}
		if err != nil {
			return nil, err
		}
		records[i].Value = ordered(&a, op.collection, v)
		if !op.goesAsSuperuser() {
			records[i].Withheld = lacking(op.collection, records[i].Value)
		}
	}
	return records, skipped.or(nil)
}

// completed reads whole what was shown in part. What is gone by now cannot be
// judged any more, so it is left out.
func (op *operation) completed(ctx context.Context, records []policy.Record, raw [][]byte) ([]policy.Record, [][]byte, error) {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = string(r.Value.GetStringBytes("id"))
	}
	found, err := reader(op.askShared).readByID(ctx, op.collection.Id, ids)
	if err != nil {
		return nil, nil, err
	}
	var a fastjson.Arena
	var skipped unjudgeable
	n := 0
	for i, id := range ids {
		whole, there := found[id]
		if there && whole == nil {
			skipped.add(id)
		}
		if whole != nil {
			records[n], raw[n] = policy.Record{Value: ordered(&a, op.collection, whole)}, raw[i]
			n++
		}
	}
	return records[:n], raw[:n], skipped.or(nil)
}

// shown appends what may leave of a record: without masked fields, and, where
// the answer is a superuser's, without what PocketBase shows to superusers only.
// What is expanded in it has not been judged yet; expandInto adds it.
func (op *operation) shown(raw []byte, masks []string) ([]byte, error) {
	secretEmail := op.goesAsSuperuser() && op.collection.IsAuth() && op.hidesEmail(raw)
	return rawjson.Without(make([]byte, 0, len(raw)), raw, func(key string) bool {
		if key == "expand" || slices.Contains(masks, key) || op.policy != nil && slices.Contains(op.policy.Manifest().AlwaysMasked, key) {
			return true
		}
		if !op.goesAsSuperuser() {
			return false
		}
		return op.collection.IsHidden(key) || key == "email" && secretEmail || !op.known(key)
	})
}

// known tells whether a key of a record is one that the schema accounts for.
// Another one may be a field that was just added, and could be a hidden one: it
// is left out, and the schema is read again.
func (op *operation) known(key string) bool {
	if key == "collectionId" || key == "collectionName" || op.collection.Field(key) != nil {
		return true
	}
	op.outdated = true
	return false
}

// hidesEmail is PocketBase's rule: an address that is not visible is its
// owner's alone.
func (op *operation) hidesEmail(raw []byte) bool {
	var p fastjson.Parser
	v, err := p.ParseBytes(raw)
	if err != nil {
		return true
	}
	return !v.GetBool("emailVisibility") && !op.caller.owns(op.collection.Id, string(v.GetStringBytes("id")))
}
