package gateway

import "github.com/hapta/hapta/server/pocketbase"

// changed has sessions proved again: those of a user who has changed, and all when
// anyone may have.
func (g *Gateway) changed(c pocketbase.Change) {
	if c.Gap {
		g.sessions.SuspectAll()
		return
	}
	if in := g.db.Schema().Find(c.CollectionID); in != nil && in.IsAuth() {
		g.sessions.Suspect(c.CollectionID, c.RecordID)
	}
}
