package gateway

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"sync/atomic"

	"github.com/hapta/hapta/server/cache"
)

// What a policy decides hangs on the caller, the query and the records, unless it asks
// for more. So an answer that it made of what is kept is kept too, for the same caller
// who asks the same: until one of the records changes, or the policy does.

// snapshots numbers them, for what was decided by one holds for no other.
var snapshots atomic.Uint64

// recall is the answer that was decided on before; nil if there is none.
func (op *operation) recall() *Response {
	if !op.isRecallable() {
		return nil
	}
	op.spent.basis = op.gateway.cache.Begin()
	var room [256]byte
	key := op.appendRecallKey(room[:0])
	answer, ok := op.gateway.cache.Made(key, op.gateway.trusted(op.snapshot.Settings.Cache.TTL))
	if !ok {
		op.key = bytes.Clone(key)
		return nil
	}
	op.spent.read = cache.Hit
	return &Response{Status: answer.Status, Header: answer.Header, Body: answer.Body}
}

// isRecallable tells whether an answer is decided on at all, and could be kept.
func (op *operation) isRecallable() bool {
	return op.isRead() && op.snapshot.judging && op.Body == nil && !op.snapshot.Settings.Explain && op.gateway.cache.Keeps()
}

// remember keeps an answer that was decided on, unless the policies asked for what is
// another for each request, or failed, or something of it may be nobody else's.
func (op *operation) remember(answer *Response) {
	if op.key == nil || answer.Status != http.StatusOK || op.spent.varies || op.spent.failures > 0 || op.outdated || op.spent.read > cache.Miss {
		return
	}
	if op.policy == nil && op.branches == nil {
		return // what is kept already is the answer
	}
	op.gateway.cache.Make(op.key, &cache.Answer{Status: answer.Status, Header: answer.Header, Body: answer.Body, Basis: op.spent.basis})
}

func (op *operation) appendRecallKey(dst []byte) []byte {
	dst = append(dst, keyOfRecalled)
	dst = binary.LittleEndian.AppendUint64(dst, op.snapshot.number)
	dst = append(dst, byte(op.Operation))
	dst = appendCaller(dst, op.caller)
	dst = appendPart(appendPart(dst, op.collection.Id), op.RecordID)
	return appendQuery(dst, op.Query, func(string, []string) bool { return false })
}
