package pocketbase

// Change says what changed in the database, whoever asked for it: the dashboard, a
// hook, a cascade or another program included.
type Change struct {
	// Of a record that was created, updated or deleted.
	CollectionID, RecordID string
	// Gap says instead that anything may have changed: changes were not told for
	// a while, or a collection is another one now.
	Gap bool
}

// OnChange has f told of changes, in place of whoever was told before. f must be
// quick, and several goroutines may call it.
//
// An embedded PocketBase tells once a change is committed, before anybody else
// learns of it. A separate one tells by its realtime API, within milliseconds of its
// answer to whoever made the change; of a changed collection once the schema is read.
//
// Nobody tells of SQL that a hook runs by itself or that another process runs on
// the files; a separate PocketBase does not tell of SQL at all. A view is never told
// of, but what it shows is.
func (d *Database) OnChange(f func(Change)) { d.onChange.Store(&f) }

// Live tells whether changes are surely told now. While it is false, and until the
// Gap that comes before it is true again, any may be missed.
func (d *Database) Live() bool { return d.backend.live() }

// TellsFirst says whether a change is told before its answer gets to whoever asked for
// it here.
func (d *Database) TellsFirst() bool {
	_, ok := d.backend.(*embedded)
	return ok
}

func (d *Database) tell(c Change) {
	if f := d.onChange.Load(); f != nil {
		(*f)(c)
	}
}
