package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// maxMembers bounds the requests in a batch. PocketBase's own bound is 50 unless its
// settings say otherwise.
const maxMembers = 1000

// batch is several writes that the database does as one, or none of them. Each
// is an operation of its own, decided as if it came alone.
type batch struct {
	*Passage
	gateway *Gateway
	exposed bool // members may name the superusers' collection
	caller  *Caller
	members []*member
	opened  []io.Closer // spooled uploads on their way to the database
}

// Batch is the way of a batch: as Serve's, but that all of its members go through
// each stage together. Where superusers are exposed, PocketBase's rules decide
// about members that name them.
func (g *Gateway) Batch(ctx context.Context, p *Passage, exposed bool) (*Response, error) {
	if p.Query.Has(jsonPayload) {
		return nil, apierr.Detailed(apierr.FieldInQuery, "Send the batch in the body.")
	}
	snap, caller, err := g.enter(ctx, p, limitBatch) // who asks
	if err != nil {
		return nil, err
	}
	sent, err := readBody(p, snap.Settings.Bodies.Batch)
	if err != nil {
		return nil, err
	}
	defer sent.discard()
	for {
		b := &batch{Passage: p, gateway: g, exposed: exposed, caller: caller}
		answer, err := b.serve(ctx, snap, sent)
		b.end()
		if !errors.Is(err, errReplaced) {
			return answer, err
		}
		if snap, err = g.take(); err != nil {
			return nil, err
		}
	}
}

func (b *batch) serve(ctx context.Context, snap *Snapshot, sent *body) (*Response, error) {
	if err := b.read(snap, sent); err != nil { // which collections, who decides
		return refusal(err)
	}
	if err := b.limit(ctx, snap); err != nil { // how much of it they may
		return nil, err
	}
	if err := b.checkPlaces(); err != nil {
		return nil, err
	}
	if err := b.takeTurns(ctx); err != nil {
		return nil, err
	}
	for i, m := range b.members { // decide before
		if err := m.judge(ctx); err != nil {
			return refusal(&memberError{i, err})
		}
	}
	answer, err := b.fetchCounted(ctx) // ask the database
	if err != nil || answer.Status != http.StatusOK {
		for _, m := range b.members { // mostly all is taken back, but not when a hook fails behind that
			m.op.noteFailure(answer, err)
		}
		return answer, err
	}
	return b.judgeAnswer(ctx, answer) // decide after
}

// limit counts each member as if it came alone. An upsert counts as a create and as
// an update, for it may become either.
func (b *batch) limit(ctx context.Context, snap *Snapshot) error {
	counts, tolls := map[*quota]int{}, []toll{}
	count := func(q *quota) {
		if counts[q]++; counts[q] == 1 {
			tolls = append(tolls, toll{quota: q})
		}
	}
	for _, m := range b.members {
		if m.isUpsert {
			count(m.op.quotas[abi.OperationCreate.String()])
			count(m.op.quotas[abi.OperationUpdate.String()])
			continue
		}
		count(m.op.quotas[m.op.Operation.String()])
	}
	for i := range tolls {
		tolls[i].n = counts[tolls[i].quota]
	}
	return b.gateway.limit(ctx, snap, b.Passage, b.caller, tolls...)
}

// end lets go of what the members held.
func (b *batch) end() {
	for _, f := range b.opened {
		_ = f.Close() // read only
	}
	for _, m := range b.members {
		m.op.end()
	}
}

// checkPlaces refuses a batch that writes a record twice where a policy judges
// it: the second member would be judged on what the first one changes, or on a
// record that is not stored yet.
func (b *batch) checkPlaces() error {
	seen := map[string]bool{}
	for _, m := range b.members {
		id := m.writes()
		if m.op.policy == nil || id == "" {
			continue
		}
		place := m.op.collection.Id + "/" + id
		if seen[place] {
			return apierr.Detailed(apierr.BatchWrittenTwice, "The record %q of %s is written more than once; send the changes as one, or in batches of their own.", id, m.op.collection.Name)
		}
		seen[place] = true
	}
	return nil
}

// takeTurns takes the turns on all judged records in one order, so that no two
// batches wait for each other.
func (b *batch) takeTurns(ctx context.Context) error {
	var ops []*operation
	for _, m := range b.members {
		if m.op.policy != nil && m.op.RecordID != "" {
			ops = append(ops, m.op)
		}
	}
	slices.SortFunc(ops, func(x, y *operation) int { return strings.Compare(x.place(), y.place()) })
	for _, op := range ops {
		if err := op.takeTurn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// fetchCounted is fetch of a batch that may guess its caller's password, once: one
// wrong member ends it.
func (b *batch) fetchCounted(ctx context.Context) (*Response, error) {
	if b.caller == nil {
		return b.fetch(ctx)
	}
	return b.gateway.counted(ctx, b.Passage, b.caller.CollectionID, b.caller.RecordID, b.fetch, wrongPassword)
}

// fetch sends the batch as the one identity that all members go as.
func (b *batch) fetch(ctx context.Context) (*Response, error) {
	asSuperuser := len(b.members) > 0 && b.members[0].op.goesAsSuperuser()
	req := &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/batch", RawQuery: b.Query.Encode(), Header: passedOn(b.Header()),
		Token: b.caller.upstream(), ClientAddr: b.Client,
	}
	if asSuperuser {
		token, err := b.gateway.db.Superuser()
		if err != nil {
			return nil, unavailable(err)
		}
		req.Token, req.RawQuery = token, ""
		req.Header = http.Header{callerHeader: {b.caller.String()}}
	}
	requests := make([]json.RawMessage, len(b.members))
	var parts []part
	for i, m := range b.members {
		if m.op.goesAsSuperuser() != asSuperuser {
			return nil, apierr.New(apierr.BatchTwoIdentities)
		}
		var err error
		if requests[i], err = m.encode(); err != nil {
			return nil, err
		}
		for _, p := range m.parts() {
			parts = append(parts, part{fmt.Sprintf("requests.%d.%s", i, p.key), p.file})
		}
	}
	raw, err := json.Marshal(map[string]any{"requests": requests})
	if err != nil {
		return nil, apierr.From(err)
	}
	if b.opened, err = setBody(req, raw, parts); err != nil {
		return nil, err
	}
	answer, err := b.gateway.db.Fetch(ctx, req)
	if err != nil {
		for _, m := range b.members {
			m.op.keepTurn(err)
		}
		return nil, unavailable(err)
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}
