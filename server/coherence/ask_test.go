package coherence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

const (
	list   = abi.OperationList
	view   = abi.OperationView
	create = abi.OperationCreate
	update = abi.OperationUpdate
	remove = abi.OperationDelete
)

// request is one as a test writes it down.
type request struct {
	op                    abi.Operation
	collection, id, query string
	key                   string // goes in headers, which a rule and a policy read
	body                  map[string]any
}

// answer is what a client gets.
type answer struct {
	status  int
	body    string
	outcome cache.Outcome
	cause   error
}

func (a answer) object() (o map[string]any) {
	_ = json.Unmarshal([]byte(a.body), &o) // what is none has no members
	return o
}

// passage comes from another address each time, for PocketBase puts off who finds
// nothing too often.
func (w *world) passage(token, query string, body map[string]any) *gateway.Passage {
	values, err := url.ParseQuery(query)
	if err != nil {
		w.Fatal(err)
	}
	n, header := rand.Uint32(), http.Header{}
	p := &gateway.Passage{
		ID: "test", Token: token, Client: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n), byte(n >> 8), byte(n >> 16)}), 1),
		Header: func() http.Header { return header }, Query: values, Flight: &gateway.Flight{},
	}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			w.Fatal(err)
		}
		p.Body, p.ContentLength = bytes.NewReader(raw), int64(len(raw))
		p.Header().Set("Content-Type", "application/json")
	}
	return p
}

// ask sends a request through the whole pipeline.
func (w *world) ask(g *gateway.Gateway, v *viewer, r request) answer {
	p := w.passage(v.bears(), r.query, r.body)
	defer p.Flight.End()
	if r.key != "" {
		p.Header().Set("X-Key", r.key)
		p.Header().Set("User-Agent", r.key)
	}
	return w.read(g.Serve(w.Context(), &gateway.Request{Passage: *p, Operation: r.op, Collection: r.collection, RecordID: r.id}))
}

func (w *world) read(r *gateway.Response, err error) answer {
	if err != nil {
		e := apierr.From(err)
		if e.Code == apierr.Internal {
			w.Errorf("an internal error: %v", e.Cause)
		}
		return answer{status: e.Status, body: string(e.JSON()), cause: e.Cause}
	}
	a := answer{status: r.Status, body: string(r.Body), outcome: r.Cache}
	if r.Stream != nil {
		raw, err := io.ReadAll(r.Stream)
		if err := r.Stream.Close(); err != nil {
			w.Error(err)
		}
		a.body, a.cause = string(raw), err
	}
	return a
}

func (r request) String() string {
	return fmt.Sprintf("%s %s/%s?%s %q %v", r.op, r.collection, r.id, r.query, r.key, r.body)
}

func (v *viewer) String() string { return v.collection + "/" + v.id }
