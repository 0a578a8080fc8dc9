package gateway

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// File serves a file of a record. Unprotected ones are public by their URL, as
// in PocketBase. Protected ones are decided as a view of their record and field,
// for whoever the file token speaks for: Hapta's own, which is exchanged for
// PocketBase's.
func (g *Gateway) File(ctx context.Context, p *Passage, method, collection, record, name string) (*Response, error) {
	op, err := g.begin(&Request{Passage: *p, Operation: abi.OperationView, Collection: collection, RecordID: record})
	if err != nil {
		return nil, otherwise(err)
	}
	defer op.end()
	if op.caller, err = g.fileCaller(ctx, op.snapshot, p.Query.Get("token")); err != nil {
		return nil, err
	}
	asker := op.caller
	if asker == nil { // whoever signs in otherwise is not decided for, but counted
		if asker, err = g.identify(ctx, op.snapshot, p); err != nil {
			return nil, err
		}
	}
	if err := g.limit(ctx, op.snapshot, p, asker, toll{op.quotas[limitFiles], 1}); err != nil {
		return nil, err
	}
	isProtected := false
	if op.policy != nil {
		if isProtected, err = op.judgeFile(ctx, name); err != nil {
			return nil, err
		}
	}
	op.asSuperuser = op.asSuperuser && isProtected
	answer, err := op.fetchFile(ctx, method, name)
	if err == nil && isProtected {
		answer.Header.Set("Cache-Control", "private, no-cache") // PocketBase lets any cache keep it for a month
	}
	return answer, err
}

// judgeFile tells whether the file is a protected one, and refuses it as if it
// were not there when its record, or the field, is not for the caller.
func (op *operation) judgeFile(ctx context.Context, name string) (isProtected bool, err error) {
	if !slices.ContainsFunc(op.collection.FileFields(), func(f *core.FileField) bool { return f.Protected }) {
		return false, nil
	}
	_, stored, err := reader(op.gateway.askNow).readStored(ctx, op.collection.Id, op.RecordID)
	if err != nil {
		return false, err
	}
	field := protectedField(op.collection, stored, name)
	if field == nil {
		return false, nil
	}
	if field.Hidden || slices.Contains(op.policy.Manifest().AlwaysMasked, field.Name) || op.asSuperuser && !op.handles(abi.OperationView) {
		return true, apierr.NotFound()
	}
	if !op.handles(abi.OperationView) {
		return true, nil
	}
	return true, op.judgeField(ctx, stored, field.Name)
}

func protectedField(c *pocketbase.Collection, stored *fastjson.Value, name string) *core.FileField {
	for _, f := range c.FileFields() {
		if f.Protected && slices.Contains(texts(stored.Get(f.Name)), name) {
			return f
		}
	}
	return nil
}

func (op *operation) judgeField(ctx context.Context, stored *fastjson.Value, field string) error {
	if err := op.tell(ctx); err != nil {
		return err
	}
	record, err := op.whole(ctx, stored)
	if err != nil {
		return err
	}
	in := op.input(abi.OperationView, abi.ReasonFile)
	in.Stored = &record
	decision, err := op.policy.Record(ctx, in)
	if err := op.outcome(decision, err); err != nil || slices.Contains(decision.Masks, field) {
		return apierr.NotFound() // as PocketBase answers it
	}
	return nil
}

// fetchFile streams the file, as whoever decides about it.
func (op *operation) fetchFile(ctx context.Context, method, name string) (*Response, error) {
	req := &pocketbase.Request{
		Method: method, Header: passedOn(op.Header()), ClientAddr: op.Client,
		Path: strings.Join([]string{"/api/files", url.PathEscape(op.collection.Id), url.PathEscape(op.RecordID), url.PathEscape(name)}, "/"),
	}
	token := op.caller.upstream()
	if op.asSuperuser {
		var err error
		if token, err = op.gateway.db.Superuser(); err != nil {
			return nil, unavailable(err)
		}
		req.Header.Set(callerHeader, op.caller.String())
		req.ClientAddr = netip.AddrPort{} // the superuser asks from here
	}
	query := maps.Clone(op.Query)
	query.Del("token")
	if token != "" {
		fileToken, err := op.gateway.fileToken(ctx, token)
		if err != nil {
			return nil, err
		}
		if fileToken != "" {
			query.Set("token", fileToken)
		}
	}
	req.RawQuery = query.Encode()
	answer, err := op.gateway.db.Stream(ctx, req)
	if err != nil {
		return nil, unavailable(err)
	}
	if answer.StatusCode == http.StatusNotFound && op.policy != nil {
		_ = answer.Body.Close()
		return nil, apierr.NotFound() // byte for byte what a hidden record gets
	}
	return streamed(answer), nil
}
