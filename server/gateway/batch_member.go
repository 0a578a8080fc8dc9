package gateway

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/spf13/cast"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
)

// member is one write of a batch.
type member struct {
	op       *operation
	method   string      // as the client wrote it
	isUpsert bool        // and not known yet to be a create or an update
	header   http.Header // of its own
}

// writes is the id of the record that it writes; empty for a create that leaves
// the choice to the database.
func (m *member) writes() string {
	if m.op.RecordID != "" {
		return m.op.RecordID
	}
	return idIn(m.op.body.values)
}

// idIn is the id that a body brings, as PocketBase reads it (apis/batch.go).
func idIn(body map[string]any) string { return cast.ToString(body["id"]) }

// judge decides about the member as about a request that came alone.
func (m *member) judge(ctx context.Context) error {
	if m.isUpsert && m.op.policy != nil {
		if err := m.resolveUpsert(ctx); err != nil {
			return err
		}
	}
	if err := m.op.checkQuery(); err != nil {
		return err
	}
	return m.op.judgeRequest(ctx)
}

// resolveUpsert finds out whether the record is there. It is judged as what it
// then is, and sent as that.
func (m *member) resolveUpsert(ctx context.Context) error {
	m.isUpsert = false
	if m.op.RecordID == "" {
		m.op.Operation = abi.OperationCreate
		return nil
	}
	_, _, err := reader(m.op.gateway.askNow).readStored(ctx, m.op.collection.Id, m.op.RecordID)
	switch {
	case err == nil:
		delete(m.op.body.values, "id") // it stands in the URL
	case apierr.From(err).Status == http.StatusNotFound:
		m.op.Operation, m.op.RecordID = abi.OperationCreate, ""
	default:
		return err
	}
	return nil
}

// encode is the member as it goes to the database: what was judged, or, where
// nothing is, what was sent.
func (m *member) encode() (json.RawMessage, error) {
	request := struct {
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
		Body    json.RawMessage   `json:"body,omitempty"`
	}{Method: methods[m.op.Operation], URL: recordPath(m.op.collection.Id, m.op.RecordID)}
	if m.op.policy == nil {
		request.Method = m.method
	}
	if m.isUpsert {
		request.URL = recordPath(m.op.collection.Id, "")
	}
	if query := m.op.query.Encode(); query != "" {
		request.URL += "?" + query
	}
	if !m.op.goesAsSuperuser() {
		request.Headers = map[string]string{}
		for name := range m.header {
			request.Headers[name] = m.header.Get(name)
		}
	}
	var err error
	switch {
	case m.op.write != nil:
		request.Body, err = m.op.write.encodeFields(m.op.asSuperuser)
	case m.op.Operation != abi.OperationDelete || m.op.policy == nil:
		request.Body, err = json.Marshal(m.op.body.values)
	}
	if err != nil {
		return nil, apierr.From(err)
	}
	return json.Marshal(request)
}

// parts are its uploads, under the keys by which PocketBase tells them apart.
func (m *member) parts() (parts []part) {
	if m.op.write != nil {
		parts = m.op.write.parts()
	} else if m.op.policy == nil {
		for key, files := range m.op.body.files {
			for _, file := range files {
				parts = append(parts, part{key, file})
			}
		}
	}
	return parts
}
