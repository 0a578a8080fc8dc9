package gateway

import (
	"context"
	"net/http"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/pocketbase"
)

var methods = map[abi.Operation]string{
	abi.OperationList: http.MethodGet, abi.OperationView: http.MethodGet, abi.OperationCreate: http.MethodPost,
	abi.OperationUpdate: http.MethodPatch, abi.OperationDelete: http.MethodDelete,
}

// fetch asks the database. A change of a password may guess the one before.
func (op *operation) fetch(ctx context.Context) (*Response, error) {
	if op.Operation == abi.OperationUpdate && op.collection.IsAuth() {
		return op.gateway.counted(ctx, &op.Passage, op.collection.ID(), op.RecordID, op.ask, wrongPassword)
	}
	return op.ask(ctx)
}

// ask asks the database as whoever decides: the caller under the database's rules,
// the superuser where the policy alone decides. What is read may have been kept.
func (op *operation) ask(ctx context.Context) (answer *Response, err error) {
	if err := op.setFilter(); err != nil {
		return nil, err
	}
	alone := func(ctx context.Context, _ *reading) (*Response, error) { return op.askAlone(ctx) }
	switch {
	case !op.isRead():
		answer, err = op.askAlone(ctx)
	case op.Body != nil && !op.asSuperuser: // which goes to the app's hooks
		answer, err = op.readAlone(ctx, nil, alone)
	default:
		answer, err = op.read(ctx, op.reading(), alone)
	}
	if err == nil && answer.Status == http.StatusNotFound && op.policy != nil {
		return nil, apierr.NotFound() // byte for byte what a hidden record gets
	}
	return answer, err
}

func (op *operation) reading() *reading {
	return &reading{collection: op.collection.Id, record: op.RecordID, query: op.query, asSuperuser: op.asSuperuser, only: op.only, from: op.Client}
}

// askAlone asks for this caller alone.
func (op *operation) askAlone(ctx context.Context) (*Response, error) {
	req, err := op.upstream()
	if err != nil {
		return nil, err
	}
	answer, err := op.gateway.db.Fetch(ctx, req)
	if sent, ok := req.Body.(*countedReader); ok && sent.refused() != nil {
		return nil, sent.refused()
	}
	if err != nil {
		op.keepTurn(err)
		return nil, unavailable(err)
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}

func (op *operation) upstream() (*pocketbase.Request, error) {
	req := &pocketbase.Request{
		Method: methods[op.Operation], Path: recordPath(op.collection.ID(), op.RecordID),
		RawQuery: op.query.Encode(), Header: http.Header{}, Token: op.caller.upstream(), ClientAddr: op.Client,
	}
	if op.goesAsSuperuser() {
		token, err := op.gateway.db.Superuser()
		if err != nil {
			return nil, unavailable(err)
		}
		req.Token = token
		req.Header.Set(callerHeader, op.caller.String())
	} else {
		req.Header = passedOn(op.Header())
	}
	if op.write != nil {
		return req, op.write.encode(req, op.asSuperuser)
	}
	req.Header.Del("Content-Type")
	if op.Body != nil && !op.asSuperuser { // nobody judged it
		sent, err := op.kept(op.maxBody(), maxMemoryThere)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", op.Header().Get("Content-Type"))
		req.Body, req.ContentLength = sent, op.ContentLength
	}
	return req, nil
}

// goesAsSuperuser tells as whom the database is asked, and so what its answer
// shows. A change of credentials is its owner's own, whoever decides.
func (op *operation) goesAsSuperuser() bool {
	return op.asSuperuser && (op.write == nil || !op.write.byOwner)
}

func (op *operation) setFilter() error {
	if op.filter == nil {
		return nil
	}
	text := op.filter.String()
	if len(text) > filter.MaxLength || op.filter.Conditions() > filter.MaxConditions {
		return badFilter(filter.ErrLimit)
	}
	op.query.Set("filter", text)
	return nil
}

// callerHeader tells PocketBase's hooks for whom the superuser acts.
const callerHeader = "X-Hapta-Caller"

func (c *Caller) String() string {
	if c == nil {
		return ""
	}
	return c.CollectionName + "/" + c.RecordID
}

// dropped are request headers that end here: hop-by-hop ones (RFC 9110,
// section 7.6.1), what Hapta sets itself, and every name by which a proxy may
// tell PocketBase the client's address.
var dropped = map[string]bool{
	"connection": true, "keepalive": true, "proxyauthenticate": true, "proxyauthorization": true,
	"proxyconnection": true, "te": true, "trailer": true, "transferencoding": true, "upgrade": true,
	"authorization": true, "host": true, "contentlength": true, "acceptencoding": true, "expect": true,
	"cookie":    true,
	"forwarded": true, "xforwardedfor": true, "xforwardedhost": true, "xforwardedproto": true,
	"xrealip": true, "xclientip": true, "xclusterclientip": true, "trueclientip": true,
	"cfconnectingip": true, "flyclientip": true, "fastlyclientip": true, "doconnectingip": true,
	"xoriginalforwardedfor": true, "xenvoyexternaladdress": true, "xappengineuserip": true,
}

// passedOn is what PocketBase sees of a request's headers. PocketBase's rules
// and hooks know a header by its words, however they are joined: X_Real_IP and
// X--Real-IP are X-Real-IP to them, so names are compared by letters and digits.
func passedOn(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		folded := foldName(name)
		if dropped[folded] || strings.HasPrefix(folded, "xhapta") {
			continue
		}
		out[name] = values
	}
	for name := range strings.SplitSeq(strings.Join(h.Values("Connection"), ","), ",") {
		out.Del(strings.TrimSpace(name)) // named by the client as hop-by-hop
	}
	return out
}

func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// kept is what a client sees of PocketBase's response headers, by their canonical names:
// a hook may have set others. CORS is the transport's own matter.
func kept(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		if !dropped[foldName(name)] && !strings.HasPrefix(name, "Access-Control-") && name != "Content-Encoding" {
			out[name] = append(out[name], values...)
		}
	}
	return out
}
