package pocketbase

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// outermost puts a hook before PocketBase's own and the app's, and innermost behind them.
const (
	outermost = -9999
	innermost = 9999
)

// watchRecords tells of records once they are committed: before PocketBase's realtime
// API does (priority -99 in its apis/realtime.go), before the app's hooks, which may
// end the chain, and before the request is answered.
//
// That is as soon as the database has done it. The app's hooks around a write may take
// their time then, or fail, and yet it stays written (core/db.go). Within a transaction
// it is when that has ended well.
func (e *embedded) watchRecords() {
	for _, execute := range []*hook.TaggedHook[*core.ModelEvent]{e.app.OnModelCreateExecute(), e.app.OnModelUpdateExecute(), e.app.OnModelDeleteExecute()} {
		execute.Bind(&hook.Handler[*core.ModelEvent]{Id: "haptaExecute", Priority: outermost, Func: e.tellExecuted})
		execute.Bind(&hook.Handler[*core.ModelEvent]{Id: "haptaExecuted", Priority: innermost, Func: noteExecuted})
	}
	for _, success := range []*hook.TaggedHook[*core.ModelEvent]{e.app.OnModelAfterCreateSuccess(), e.app.OnModelAfterUpdateSuccess(), e.app.OnModelAfterDeleteSuccess()} {
		success.Bind(&hook.Handler[*core.ModelEvent]{Id: "haptaChanges", Priority: outermost, Func: func(ev *core.ModelEvent) error {
			e.tellOf(ev.Model)
			return ev.Next()
		}})
	}
}

// executed is in the context of a write, and tells whether the database has done it for
// good: a delete runs in a transaction of its own, which may be taken back.
type executed struct{}

func (e *embedded) tellExecuted(ev *core.ModelEvent) error {
	if ev.App.IsTransactional() {
		return ev.Next()
	}
	done := false
	ev.Context = context.WithValue(ev.Context, executed{}, &done)
	err := ev.Next()
	if done || err == nil {
		e.tellOf(ev.Model)
	}
	return err
}

func noteExecuted(ev *core.ModelEvent) error {
	err := ev.Next()
	if done, ok := ev.Context.Value(executed{}).(*bool); ok && err == nil && !ev.App.IsTransactional() {
		*done = true
	}
	return err
}

// tellOf tells of a record; other models are none of those that are read.
func (e *embedded) tellOf(m core.Model) {
	switch m := m.(type) {
	case *core.Record:
		e.tell(changeOf(m))
	case core.RecordProxy:
		e.tell(changeOf(m.ProxyRecord()))
	}
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
