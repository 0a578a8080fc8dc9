package pocketbase

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// outermost puts a hook before PocketBase's own and the app's.
const outermost = -9999

// watchRecords tells of records once they are committed: before PocketBase's realtime
// API does (priority -99 in its apis/realtime.go), before the app's hooks, which may
// end the chain, and before the request is answered.
func (e *embedded) watchRecords() {
	changed := &hook.Handler[*core.ModelEvent]{
		Id: "haptaChanges", Priority: outermost,
		Func: func(ev *core.ModelEvent) error {
			switch m := ev.Model.(type) {
			case *core.Record:
				e.tell(changeOf(m))
			case core.RecordProxy:
				e.tell(changeOf(m.ProxyRecord()))
			}
			return ev.Next()
		},
	}
	e.app.OnModelAfterCreateSuccess().Bind(changed)
	e.app.OnModelAfterUpdateSuccess().Bind(changed)
	e.app.OnModelAfterDeleteSuccess().Bind(changed)
}

func changeOf(r *core.Record) Change {
	return Change{CollectionID: r.Collection().Id, RecordID: r.Id}
}

// watchSQL tells after a superuser's SQL, which no hook is called for. Its answer is
// short enough to wait in net/http's buffer until then.
func (e *embedded) watchSQL(ev *core.ServeEvent) {
	ev.Router.BindFunc(func(request *core.RequestEvent) error {
		err := request.Next()
		if request.Request.Pattern == "POST /api/sql" {
			e.tell(Change{Gap: true})
		}
		return err
	})
}
