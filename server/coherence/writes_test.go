package coherence

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/hapta/hapta/server/pocketbase"
)

// write is one by chance of a record: it may be refused. Those through the gateway are
// by anybody.
func (w *world) write(d dice) {
	collection := pick(d, written...)
	id := idOf(collection, d.IntN(each))
	e := ledger.records[placeOf(collection, id)]
	e.writing.Lock()
	defer e.writing.Unlock()
	there := exists(collection, id)
	if there && d.oneIn(6) {
		w.erase(d, e, collection, id)
		return
	}
	fields := values(d, collection, !there)
	version := fields["n"].(int64)
	switch pick(d, "app", "handler", "gateway", "gateway", "batch") {
	case "app":
		if store(collection, id, fields) == nil {
			e.note(version, false)
		}
	case "handler":
		r := writeOf(collection, id, there, fields)
		if w.handle(r) {
			e.note(version, false)
		}
	case "gateway":
		if a := w.ask(w.cached, pick(d, w.viewers...), writeOf(collection, id, there, fields)); a.status == http.StatusOK {
			e.note(version, true)
		}
	case "batch":
		if w.batch(pick(d, w.viewers...), writeOf(collection, id, there, fields)) {
			e.note(version, true)
		}
	}
}

func (w *world) erase(d dice, e *entry, collection, id string) {
	version := ledger.last.Add(1)
	r := request{op: remove, collection: collection, id: id}
	switch pick(d, "app", "gateway", "batch") {
	case "app":
		if erase(collection, id) == nil {
			e.note(version, false)
		}
	case "gateway":
		if a := w.ask(w.cached, pick(d, w.viewers...), r); a.status == http.StatusNoContent {
			e.note(version, true)
		}
	case "batch":
		if w.batch(pick(d, w.viewers...), r) {
			e.note(version, true)
		}
	}
}

// writeOf creates a record that is not there, and updates one that is.
func writeOf(collection, id string, there bool, fields map[string]any) request {
	if there {
		return request{op: update, collection: collection, id: id, body: fields}
	}
	fields["id"] = id
	if db.Schema().Find(collection).IsAuth() {
		fields["email"], fields["password"], fields["passwordConfirm"] = address(id), password, password
	}
	return request{op: create, collection: collection, body: fields}
}

var methods = map[string]string{create.String(): "POST", update.String(): "PATCH", remove.String(): "DELETE"}

func (r request) path() string {
	return strings.TrimSuffix("/api/collections/"+r.collection+"/records/"+r.id, "/")
}

// batch sends a write in one.
func (w *world) batch(by *viewer, r request) bool {
	member := map[string]any{"method": methods[r.op.String()], "url": r.path()}
	if r.body != nil {
		member["body"] = r.body
	}
	a := w.read(w.cached.Batch(w.Context(), w.passage(by.bears(), "", map[string]any{"requests": []any{member}}), false))
	return a.status == http.StatusOK
}

// handle has PocketBase itself write, as a superuser does in its dashboard.
func (w *world) handle(r request) bool {
	raw, err := json.Marshal(r.body)
	if err != nil {
		w.Fatal(err)
	}
	token, err := db.Superuser()
	if err != nil {
		w.Fatal(err)
	}
	answer, err := db.Fetch(w.Context(), &pocketbase.Request{
		Method: methods[r.op.String()], Path: r.path(), Token: token, Header: http.Header{"Content-Type": {"application/json"}},
		Body: strings.NewReader(string(raw)), ContentLength: int64(len(raw)),
	})
	if err != nil {
		w.Fatal(err)
	}
	return answer.Status == http.StatusOK
}
