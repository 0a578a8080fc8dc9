package gateway

import (
	"context"
	"net/http"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// changed drops what is kept of what has changed, and has sessions proved again: those
// of a user who has changed, and all when anyone may have.
func (g *Gateway) changed(c pocketbase.Change) {
	if c.Gap {
		g.cache.TouchAll()
		g.sessions.SuspectAll()
		return
	}
	g.cache.TouchRecord(c.CollectionID, c.RecordID)
	if in := g.db.Schema().Find(c.CollectionID); in != nil && in.IsAuth() {
		g.sessions.Suspect(c.CollectionID, c.RecordID)
	}
}

// noteFailure drops what a write may have changed all the same: its answer was lost, or a
// hook of the app's failed behind it. One that was refused because there is no such record
// has stored nothing.
func (op *operation) noteFailure(answer *Response, err error) {
	status := http.StatusInternalServerError
	if err == nil {
		status = answer.Status
	} else if status = apierr.From(err).Status; status < http.StatusInternalServerError {
		return // it is refused here
	}
	switch {
	case op.isRead(), status == http.StatusNotFound:
	case op.RecordID != "":
		op.gateway.cache.TouchRecord(op.collection.Id, op.RecordID)
	case status >= http.StatusInternalServerError:
		op.gateway.cache.TouchCollection(op.collection.Id)
	case !op.gateway.db.TellsFirst():
		op.gateway.cache.TouchRows(op.collection.Id)
	}
}

// noteWrite keeps true to what was just written what is known from before. A separate
// PocketBase tells of it too, but later, and of what else a deletion changes.
func (op *operation) noteWrite(answer *Response) {
	if op.isRead() {
		return
	}
	g, id := op.gateway, op.RecordID
	if op.Operation == abi.OperationCreate {
		id = idOf(answer.Body)
	}
	g.changed(pocketbase.Change{CollectionID: op.collection.Id, RecordID: id})
	if id == "" { // its fields were chosen
		g.cache.TouchCollection(op.collection.Id)
	}
	if op.Operation != abi.OperationDelete {
		return
	}
	if !g.db.TellsFirst() {
		for _, also := range op.collection.Cascades(op.snapshot.Schema) {
			g.cache.TouchCollection(also)
		}
	}
	if op.collection.IsAuth() { // a deleted user has no sessions
		if _, err := g.sessions.EndUser(context.Background(), op.collection.Id, id, ""); err != nil {
			op.logger().Error("sessions of a deleted user could not be removed; they end at their next proof", "cause", err)
		}
	}
}
