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

	if op.caller, err = g.identify(ctx, op.snapshot, &req.Passage); err != nil { // who asks
		return nil, err
	}
	if err := op.limit(ctx); err != nil { // how much of it they may
		return nil, err
	}
	if err := op.awaitTurn(ctx); err != nil { // when
		return nil, err
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
	answer, err := op.fetch(ctx) // ask the database
	if err != nil || answer.Status >= http.StatusBadRequest {
		return answer, err
	}
	op.noteWrite()
	return op.judgeAnswer(ctx, answer) // decide after
}
