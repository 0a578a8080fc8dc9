package pocketbase

import "github.com/pocketbase/pocketbase/core"

// watchUsers tells of users that have changed, by the dashboard or a hook as well.
func (e *embedded) watchUsers(d *Database) {
	changed := func(ev *core.RecordEvent) error {
		err := ev.Next()
		tell, c := d.onUser.Load(), ev.Record.Collection()
		if tell != nil && c.IsAuth() {
			(*tell)(c.Id, ev.Record.Id)
		}
		return err
	}
	e.app.OnRecordAfterUpdateSuccess().BindFunc(changed)
	e.app.OnRecordAfterDeleteSuccess().BindFunc(changed)
}
