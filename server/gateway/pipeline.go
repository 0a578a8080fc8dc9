package gateway

import (
	"context"
	"net/http"

	"github.com/hapta/hapta/abi"
)

// Serve is the way of every operation on records. It holds one snapshot from
// beginning to end, goes through the stages in order, and ends early with an
// *apierr.Error.
func (g *Gateway) Serve(ctx context.Context, req *Request) (*Response, error) {
	op, err := g.begin(req) // which collection, who decides
	if err != nil {
		return nil, err
	}
	defer op.end()
	answer, err := op.serve(ctx)
	op.conclude(answer, err)
	return answer, err
}

func (op *operation) serve(ctx context.Context) (answer *Response, err error) {
	if op.caller, err = op.gateway.identify(ctx, op.snapshot, &op.Passage); err != nil { // who asks
		return nil, err
	}
	if err := op.limit(ctx); err != nil { // how much of it they may
		return nil, err
	}
	if answer := op.recall(); answer != nil { // what was decided before
		return answer, nil
	}
	if err := op.checkQuery(); err != nil { // what may be asked of the database
		return nil, err
	}
	if err := op.judgeRequest(ctx); err != nil { // decide before
		return nil, err
	}
	if op.Operation == abi.OperationList && op.drops() {
		return op.listVisible(ctx) // both of what follows, by turns
	}
	answer, err = op.fetch(ctx) // ask the database
	if err != nil || answer.Status >= http.StatusBadRequest {
		op.noteFailure(answer, err)
		return answer, err
	}
	op.noteWrite(answer)
	return op.judgeAnswer(ctx, answer) // decide after
}
