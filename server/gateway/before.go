package gateway

import (
	"context"
	"errors"
	"net/http"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
)

// judgeRequest decides before anything is read or written.
func (op *operation) judgeRequest(ctx context.Context) error {
	if op.policy == nil {
		return nil
	}
	if op.asSuperuser && !op.handles(op.Operation) {
		return apierr.New(apierr.NotHandled)
	}
	if err := op.tell(ctx); err != nil {
		return err
	}
	switch op.Operation {
	case abi.OperationList:
		return op.narrow(ctx)
	case abi.OperationCreate, abi.OperationUpdate, abi.OperationDelete:
		return op.judgeWrite(ctx)
	}
	return nil // a view is judged by its answer
}

// narrow joins the policy's filter to the client's, so that pages and totals
// count only what the caller may list.
func (op *operation) narrow(ctx context.Context) error {
	if !op.handles(abi.OperationList) {
		return nil
	}
	decision, own, err := op.policy.Filter(ctx, op.input(abi.OperationList, abi.ReasonAsked))
	if err := op.outcome(decision, err); err != nil {
		return err
	}
	op.filter = filter.All(own, op.filter)
	return nil
}

// judgeWrite holds the turn on the record from reading it until the write is
// done (end gives it back).
func (op *operation) judgeWrite(ctx context.Context) error {
	if op.Operation != abi.OperationCreate {
		if err := op.aim(ctx); err != nil {
			return err
		}
	}
	if op.Operation != abi.OperationDelete {
		if err := op.readWrite(); err != nil {
			return op.unlessInvisible(ctx, err)
		}
	}
	if !op.handles(op.Operation) {
		return nil
	}
	in := op.input(op.Operation, abi.ReasonAsked)
	if op.target != nil {
		in.Stored = &op.target.Record
	}
	if op.write != nil {
		fields, err := op.write.judged()
		if err != nil {
			return err
		}
		in.Incoming = fields
	}
	decision, err := op.policy.Before(ctx, in)
	if err = op.outcome(decision, err); err == nil {
		err = op.apply(decision.Effects)
	}
	if err != nil {
		return op.unlessInvisible(ctx, err)
	}
	return nil
}

// aim reads the record that a write is aimed at. One whose view is refused to
// the caller is not there for them.
func (op *operation) aim(ctx context.Context) error {
	if err := op.takeTurn(ctx); err != nil {
		return err
	}
	if err := op.readTarget(ctx); err != nil {
		return err
	}
	if !op.handles(abi.OperationView) {
		return nil
	}
	in := op.input(abi.OperationView, abi.ReasonTarget)
	in.Stored = &op.target.Record
	decision, err := op.policy.Record(ctx, in)
	if err := op.outcome(decision, err); err != nil {
		return apierr.NotFound()
	}
	return nil
}

// takeTurn waits for the turn on the record, unless it has been taken already.
func (op *operation) takeTurn(ctx context.Context) (err error) {
	if op.turn != nil {
		return nil
	}
	if op.turn, err = op.gateway.writes.take(ctx, op.place()); err != nil {
		return apierr.Caused(apierr.UpstreamTimeout, err)
	}
	return nil
}

// keepTurn has the turn last for as long as a write that was left behind: the
// next one is judged on what that has stored.
func (op *operation) keepTurn(err error) {
	var left *pocketbase.LeftError
	if end := op.turn; end != nil && errors.As(err, &left) {
		op.turn = func() { go func() { <-left.Ended; end() }() }
	}
}

// place is the record that the operation is aimed at, as locks name it.
func (op *operation) place() string { return op.collection.Id + "/" + op.RecordID }

// unlessInvisible turns a refusal into 404 when the database's rules would not
// even show the record to the caller: a 403 would tell that it exists.
func (op *operation) unlessInvisible(ctx context.Context, refusal error) error {
	if op.asSuperuser || op.target == nil {
		return refusal
	}
	seen := *op
	seen.Request = &Request{Passage: op.Passage, Operation: abi.OperationView, Collection: op.Collection, RecordID: op.RecordID}
	seen.Request.Body, seen.write, seen.query = nil, nil, nil
	answer, err := seen.fetch(ctx)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK {
		return apierr.NotFound()
	}
	return refusal
}

// outcome is nil for a decision that allows. Whatever else a policy did is an
// error for the client and a line in the log.
func (op *operation) outcome(d policy.Decision, err error) error {
	if err := op.failed(err); err != nil {
		return err
	}
	switch d.Verdict {
	case abi.VerdictAllow:
		return nil
	case abi.VerdictHide:
		op.logRefusal("hidden by policy", d)
		return apierr.NotFound()
	default:
		op.logRefusal("refused by policy", d)
		refused := apierr.Refused(d.Status, d.Code, d.Message)
		refused.Trace = op.trace
		return refused
	}
}

func (op *operation) logRefusal(what string, d policy.Decision) {
	op.logger().Info(what, "policy", op.policy.Name(), "version", op.policy.Version(),
		"code", d.Code, "fuel", d.Fuel, "duration", op.sinceAsked())
}
