package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// member is one request of a batch, in PocketBase's form. Headers of members
// are not passed on: PocketBase would let them overwrite the batch's own.
type member struct {
	Method string         `json:"method"`
	URL    string         `json:"url"`
	Body   map[string]any `json:"body,omitempty"`
}

// Batch passes a batch on as the caller when no member touches a collection
// that a policy decides.
func (g *Gateway) Batch(ctx context.Context, p *Passage) (*Response, error) {
	snap, caller, err := g.enter(ctx, p)
	if err != nil {
		return nil, err
	}
	b, err := readBody(p, maxBatch)
	if err != nil {
		return nil, err
	}
	w := &write{body: b}
	defer w.discard()
	members, touched, err := snap.readMembers(b)
	if err != nil {
		return nil, err
	}
	if p.Query.Has(jsonPayload) {
		return nil, apierr.Detailed(apierr.FieldInQuery, "Send the batch in the body.")
	}
	if w.extras, err = asValues(members); err != nil {
		return nil, err
	}
	for key := range b.files {
		if !strings.HasPrefix(key, "requests.") && !strings.HasPrefix(key, "requests[") {
			return nil, apierr.Detailed(apierr.UploadNotJudged, "%q names no request of the batch.", key)
		}
		w.fields = append(w.fields, writtenField{fileKey: key})
	}
	req := &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/batch", RawQuery: p.Query.Encode(), Header: passedOn(p.Header),
		Token: caller.upstream(), ClientAddr: p.Client,
	}
	if err := w.encode(req, false); err != nil {
		return nil, err
	}
	answer, err := g.db.Fetch(ctx, req)
	if err != nil {
		return nil, unavailable(err)
	}
	if answer.Status == http.StatusOK {
		for _, op := range touched {
			op.gateway = g
			op.noteWrite()
		}
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}

// maxBatch bounds a batch, in bytes: PocketBase's own default.
const maxBatch = 128 << 20

func asValues(members []member) (map[string]any, error) {
	raw, err := json.Marshal(members)
	if err != nil {
		return nil, apierr.From(err)
	}
	return map[string]any{"requests": json.RawMessage(raw)}, nil
}

// readMembers reads the requests strictly: keys in other cases, which
// PocketBase would fold, are refused.
func (s *Snapshot) readMembers(b *body) ([]member, []*operation, error) {
	list, ok := b.values["requests"].([]any)
	if !ok || len(b.values) != 1 {
		return nil, nil, apierr.Detailed(apierr.BadBody, "A batch is an object with a list of requests.")
	}
	var members []member
	var touched []*operation
	for i, item := range list {
		m, op, err := s.readMember(item)
		if err != nil {
			e := apierr.From(err)
			e.Detail = fmt.Sprintf("Request %d of the batch: %s", i, cmp.Or(e.Detail, e.Message))
			return nil, nil, e
		}
		members, touched = append(members, m), append(touched, op)
	}
	return members, touched, nil
}

func (s *Snapshot) readMember(item any) (member, *operation, error) {
	var m member
	fields, ok := item.(map[string]any)
	if !ok {
		return m, nil, apierr.Detailed(apierr.BadBody, "it is no object.")
	}
	for key, value := range fields {
		ok := true
		switch key {
		case "method":
			m.Method, ok = value.(string)
		case "url":
			m.URL, ok = value.(string)
		case "body":
			m.Body, ok = value.(map[string]any)
			ok = ok || value == nil
		case "headers": // not passed on
		default:
			ok = false
		}
		if !ok {
			return m, nil, apierr.Detailed(apierr.BadBody, "%q is unexpected or of the wrong kind.", key)
		}
	}
	op, err := s.memberTarget(&m)
	return m, op, err
}

// memberTarget finds the collection a member is about, and writes its URL anew.
func (s *Snapshot) memberTarget(m *member) (*operation, error) {
	u, err := url.Parse(m.URL)
	if err != nil || u.IsAbs() || u.Host != "" {
		return nil, apierr.Detailed(apierr.BadBody, "its url cannot be read.")
	}
	parts := strings.Split(u.EscapedPath(), "/")
	if len(parts) < 5 || len(parts) > 6 || parts[0] != "" || parts[1] != "api" || parts[2] != "collections" || parts[4] != "records" {
		return nil, apierr.Detailed(apierr.BadBody, "its url is no records route.")
	}
	name, err := url.PathUnescape(parts[3])
	if err != nil {
		return nil, apierr.Detailed(apierr.BadBody, "its url cannot be read.")
	}
	c, err := s.find(name)
	if err != nil {
		return nil, err
	}
	if !s.access[c.Id].open() {
		return nil, apierr.New(apierr.BatchNotJudged)
	}
	op := &operation{Request: &Request{Operation: batchOperations[m.Method]}, snapshot: s, collection: c}
	if len(parts) == 6 {
		if op.RecordID, err = url.PathUnescape(parts[5]); err != nil || strings.Contains(op.RecordID, "/") {
			return nil, apierr.Detailed(apierr.BadBody, "its url cannot be read.")
		}
	} else if id, ok := m.Body["id"].(string); ok && m.Method == http.MethodPut {
		op.RecordID = id
	}
	if op.Query, err = url.ParseQuery(u.RawQuery); err != nil {
		return nil, apierr.Detailed(apierr.BadBody, "its url cannot be read.")
	}
	if err := op.checkQuery(); err != nil {
		return nil, err
	}
	m.URL = recordPath(c.Id, op.RecordID)
	if len(parts) == 5 {
		m.URL = recordPath(c.Id, "")
	}
	if query := op.query.Encode(); query != "" {
		m.URL += "?" + query
	}
	return op, nil
}

var batchOperations = map[string]abi.Operation{
	http.MethodPost: abi.OperationCreate, http.MethodPut: abi.OperationUpdate,
	http.MethodPatch: abi.OperationUpdate, http.MethodDelete: abi.OperationDelete,
}
