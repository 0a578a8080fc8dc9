package gateway

import (
	"cmp"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
)

// read makes operations of what was sent. It is strict: keys in other cases, which
// PocketBase would fold, and whatever else it would not look at, are refused.
func (b *batch) read(snap *Snapshot, sent *body) error {
	list, ok := sent.values["requests"].([]any)
	if !ok || len(sent.values) != 1 {
		return apierr.Detailed(apierr.BadBody, "A batch is an object with a list of requests.")
	}
	if len(list) > maxMembers {
		return apierr.Detailed(apierr.BadBody, "A batch has at most %d requests.", maxMembers)
	}
	files, err := memberFiles(sent.files, len(list))
	if err != nil {
		return err
	}
	spent := &spent{}
	for i, item := range list {
		m, err := b.readMember(snap, item, files[i])
		if err != nil {
			return inMember(i, err)
		}
		m.op.spent = spent
		b.members = append(b.members, m)
	}
	return nil
}

// inMember says in which member something is wrong: one that cannot be read
// makes the whole batch unreadable, another one is refused.
func inMember(i int, err error) error {
	e := *apierr.From(err)
	if e.Code != apierr.BadBody && e.Code != apierr.DuplicateField {
		return &memberError{i, err}
	}
	e.Detail = fmt.Sprintf("Request %d of the batch: %s", i, cmp.Or(e.Detail, e.Message))
	return &e
}

// memberFiles sorts uploads by the member they belong to. PocketBase takes two
// forms of their keys, requests.0.image and requests[0].image.
func memberFiles(files map[string][]*multipart.FileHeader, members int) ([]map[string][]*multipart.FileHeader, error) {
	sorted := make([]map[string][]*multipart.FileHeader, members)
	for key, list := range files {
		number, name, ok := strings.Cut(strings.TrimPrefix(key, "requests."), ".")
		if rest, found := strings.CutPrefix(key, "requests["); found {
			number, name, ok = strings.Cut(rest, "].")
		}
		i, err := strconv.Atoi(number)
		if !ok || err != nil || strconv.Itoa(i) != number || i < 0 || i >= members || name == "" {
			return nil, apierr.Detailed(apierr.UploadNotJudged, "%q names no request of the batch; uploads go as requests.0.field.", key)
		}
		if sorted[i][name] != nil {
			return nil, duplicate(key)
		}
		if sorted[i] == nil {
			sorted[i] = map[string][]*multipart.FileHeader{}
		}
		sorted[i][name] = list
	}
	return sorted, nil
}

// sentMember is a member as the client sent it.
type sentMember struct {
	method, url string
	headers     map[string]any
	body        map[string]any
}

func readSentMember(item any) (m sentMember, err error) {
	fields, ok := item.(map[string]any)
	if !ok {
		return m, apierr.Detailed(apierr.BadBody, "it is no object.")
	}
	for key, value := range fields {
		ok := true
		switch key {
		case "method":
			m.method, ok = value.(string)
		case "url":
			m.url, ok = value.(string)
		case "headers":
			m.headers, ok = value.(map[string]any)
			ok = ok || value == nil
		case "body":
			m.body, ok = value.(map[string]any)
			ok = ok || value == nil
		default:
			ok = false
		}
		if !ok {
			return m, apierr.Detailed(apierr.BadBody, "%q is unexpected or of the wrong kind.", key)
		}
	}
	return m, nil
}

func (b *batch) readMember(snap *Snapshot, item any, files map[string][]*multipart.FileHeader) (*member, error) {
	sent, err := readSentMember(item)
	if err != nil {
		return nil, err
	}
	req, err := readMemberURL(sent.url)
	if err != nil {
		return nil, err
	}
	method := strings.ToUpper(sent.method) // as PocketBase reads it
	if req.Operation = memberOperation(method, req.RecordID); req.Operation == 0 {
		return nil, &apierr.Error{Status: http.StatusBadRequest, Message: "Something went wrong while processing your request."} // as PocketBase says it
	}
	values := &body{files: files}
	for key, value := range sent.body {
		if files[key] != nil {
			continue // in a batch, uploads replace what the body has under their key (apis/batch.go)
		}
		if err := values.add(key, value); err != nil {
			return nil, err
		}
	}
	m := &member{method: sent.method, isUpsert: method == http.MethodPut, header: memberHeader(sent.headers)}
	if m.isUpsert {
		req.RecordID = idIn(sent.body)
	}
	req.ID, req.Token, req.Client, req.Flight, req.Superusers = b.ID, b.Token, b.Client, b.Flight, b.exposed
	header := b.Header().Clone()
	req.Header = func() http.Header { return header }
	for name, texts := range m.header {
		header[name] = texts
	}
	if m.op, err = b.gateway.hold(snap, req); err != nil {
		return nil, err
	}
	m.op.caller, m.op.body = b.caller, values
	return m, nil
}

// memberOperation is 0 for what a batch cannot do. An upsert counts as an update
// until it is known which of both it is.
func memberOperation(method, recordID string) abi.Operation {
	switch {
	case method == http.MethodPost && recordID == "":
		return abi.OperationCreate
	case method == http.MethodPut && recordID == "", method == http.MethodPatch && recordID != "":
		return abi.OperationUpdate
	case method == http.MethodDelete && recordID != "":
		return abi.OperationDelete
	}
	return 0
}

// readMemberURL reads which collection and record a member is about.
func readMemberURL(text string) (*Request, error) {
	unreadable := apierr.Detailed(apierr.BadBody, "its url cannot be read.")
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" {
		return nil, unreadable
	}
	parts := strings.Split(u.EscapedPath(), "/")
	if len(parts) < 5 || len(parts) > 6 || parts[0] != "" || parts[1] != "api" || parts[2] != "collections" || parts[4] != "records" {
		return nil, apierr.Detailed(apierr.BadBody, "its url is no records route.")
	}
	req := &Request{}
	if req.Collection, err = url.PathUnescape(parts[3]); err != nil {
		return nil, unreadable
	}
	if len(parts) == 6 {
		if req.RecordID, err = url.PathUnescape(parts[5]); err != nil || req.RecordID == "" || strings.ContainsAny(req.RecordID, "/?#") {
			return nil, unreadable
		}
	}
	if req.Query, err = url.ParseQuery(u.RawQuery); err != nil {
		return nil, unreadable
	}
	return req, nil
}

// memberHeader is what passes of a member's headers: those that policies may
// read, and the app's own, which begin with X-. PocketBase lets them stand in for
// the batch's own, the ones that tell the client's address too.
func memberHeader(headers map[string]any) http.Header {
	h := http.Header{}
	for name, value := range headers {
		text, ok := value.(string)
		name = http.CanonicalHeaderKey(name)
		if ok && (strings.HasPrefix(name, "X-") || isPolicyHeader(name)) && !strings.ContainsAny(name+text, "\r\n\x00") {
			h.Set(name, text)
		}
	}
	return passedOn(h)
}

func isPolicyHeader(name string) bool {
	return slices.ContainsFunc(abi.Headers, func(known string) bool { return strings.EqualFold(known, name) })
}
