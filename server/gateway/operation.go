package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
)

// operation is one request on its way through the pipeline.
type operation struct {
	*Request
	access
	gateway    *Gateway
	snapshot   *Snapshot
	collection *pocketbase.Collection
	caller     *Caller // nil: a guest

	body   *body        // what came with it, when it has been read already
	query  url.Values   // goes to the database; made by checkQuery
	filter *filter.Node // the client's own; fetch sends it with what narrows it
	only   []string     // ids of the records that are listed, where that is all there is to filter
	pick   string       // the client's "fields", applied behind the masks
	target *target      // update and delete: the record aimed at
	write  *write       // create and update: what is to be written
	told   *told        // what policies are told besides records
	turn   func()       // ends this write's turn on its record
	spent  *spent       // of the request: of the operation that it began with
	own    spent
	asked  time.Time // when the policy was asked last
	trace  []string  // what it asked then, in development alone

	key      []byte    // of the answer among those that are recalled; nil: it is none of them
	branches []*branch // what the client wants expanded, where anything in it is judged
	outdated bool      // an answer had a field that the schema lacks
}

// spent is what one request has taken of its bounds, all that it causes included.
type spent struct {
	awaits   bool // it is a read, and needs a turn for what it takes
	reads    bool // it has one
	budget   policy.Budget
	fetched  int           // records that were fetched to be expanded
	failures int           // records that a policy failed on
	varies   bool          // a policy asked for what is another for each request
	basis    cache.Basis   // of all that was read
	read     cache.Outcome // how what it needed of the database was read
}

// begin finds the collection and who decides about it, and holds its policy.
// When the policy was replaced in that moment, a newer snapshot is in place.
func (g *Gateway) begin(req *Request) (*operation, error) {
	for {
		snap, err := g.takeFor(req.Operation)
		if err != nil {
			return nil, err
		}
		op, err := g.hold(snap, req)
		switch {
		case errors.Is(err, errReplaced):
			continue
		case req.Operation == abi.OperationCreate, req.Operation == abi.OperationUpdate:
			return op, otherwise(err)
		}
		return op, err
	}
}

// errReplaced says that a snapshot's policy is no longer there to be held.
var errReplaced = errors.New("the policy was replaced")

func (g *Gateway) hold(snap *Snapshot, req *Request) (*operation, error) {
	c, err := snap.find(req.Collection, req.Superusers)
	if err != nil {
		return nil, err
	}
	a := snap.access[c.ID()]
	if a.closed != "" {
		log := g.log.With("request", req.ID, "collection", c.Name, "code", a.closed)
		if a.cause != nil { // a policy that is missing has none
			log = log.With("cause", a.cause)
		}
		log.Warn("refused: the collection is closed")
		return nil, apierr.New(a.closed)
	}
	if a.policy != nil && !a.policy.Acquire() {
		return nil, errReplaced
	}
	op := &operation{Request: req, access: a, gateway: g, snapshot: snap, collection: c}
	op.spent = &op.own
	op.own.awaits = op.isRead()
	return op, nil
}

// limit counts the operation for its caller.
func (op *operation) limit(ctx context.Context) error {
	return op.gateway.limit(ctx, op.snapshot, &op.Passage, op.caller, toll{op.quotas[op.Operation.String()], 1})
}

// awaitTurn waits until it is the caller's turn to read, and to have all judged that
// was read: what either takes of memory and of the processors is bounded by that. A
// request has one turn, however much it reads; what is only given out from the cache
// takes none, and nor does what a write reads.
func (op *operation) awaitTurn(ctx context.Context) error {
	turns := op.gateway.turns
	if turns == nil || !op.spent.awaits || op.spent.reads {
		return nil
	}
	if err := turns.Take(ctx, op.Flight.who); err != nil {
		return unavailable(err)
	}
	op.spent.reads = true
	return nil
}

// end lets go of what the operation held.
func (op *operation) end() {
	if op.own.reads {
		op.gateway.turns.Give(op.Flight.who)
	}
	for _, b := range op.branches {
		b.op.end()
	}
	if op.write != nil {
		op.write.discard()
	}
	if op.turn != nil {
		op.turn()
	}
	if op.policy != nil {
		op.policy.Release()
	}
}

// handles tells whether the policy speaks about an operation.
func (op *operation) handles(o abi.Operation) bool {
	return op.policy != nil && op.policy.Handles(o)
}

func (op *operation) logger() *slog.Logger {
	return op.gateway.log.With("request", op.ID, "collection", op.collection.Name, "operation", op.Operation.String())
}
