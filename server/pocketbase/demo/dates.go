package demo

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// epoch is the day the demo counts from. It is fixed, so that two demos are the
// same.
var epoch = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

// day is that many days after the epoch.
func day(n int) time.Time { return epoch.AddDate(0, 0, n) }

// date gives a record a past. PocketBase keeps dates that are set like this
// instead of the present.
func date(record *core.Record, t time.Time) {
	at, err := types.ParseDateTime(t)
	if err != nil { // a time is one already
		panic(err)
	}
	record.SetRaw("created", at)
	record.SetRaw("updated", at)
}
