package gateway

import (
	"net/http"
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// arrivals are the requests that reached PocketBase, as its own hooks see them.
var arrivals struct {
	sync.Mutex
	all    []arrival
	before func(arrival) // called once PocketBase has read, and not written; nil for nothing
}

type arrival struct {
	Method, Path, Query string
	Header              http.Header
	Folded              map[string]string // headers, as rules and hooks name them
	Body                map[string]any
	Superuser           bool
	Address             string // where the client is
	Auth                string // id of the record that PocketBase takes the caller for
}

func recordArrivals(a core.App) {
	a.OnRecordsListRequest().BindFunc(func(e *core.RecordsListRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
	a.OnRecordViewRequest().BindFunc(func(e *core.RecordRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
	a.OnRecordCreateRequest().BindFunc(func(e *core.RecordRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
	a.OnRecordUpdateRequest().BindFunc(func(e *core.RecordRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
	a.OnRecordDeleteRequest().BindFunc(func(e *core.RecordRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
	a.OnRecordAuthWithPasswordRequest().BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		return arrived(e.RequestEvent, e.Next)
	})
	a.OnRecordAuthRefreshRequest().BindFunc(func(e *core.RecordAuthRefreshRequestEvent) error { return arrived(e.RequestEvent, e.Next) })
}

func arrived(e *core.RequestEvent, next func() error) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	seen := arrival{
		Method: e.Request.Method, Path: e.Request.URL.Path, Query: e.Request.URL.RawQuery,
		Header: e.Request.Header.Clone(), Folded: info.Headers, Body: info.Body, Superuser: e.HasSuperuserAuth(),
		Address: e.RealIP(),
	}
	if e.Auth != nil {
		seen.Auth = e.Auth.Id
	}
	arrivals.Lock()
	arrivals.all = append(arrivals.all, seen)
	before := arrivals.before
	arrivals.Unlock()
	if before != nil {
		before(seen)
	}
	return next()
}

// before has f called for each request that arrives, until the test ends.
func (w *world) before(f func(arrival)) {
	set := func(f func(arrival)) {
		arrivals.Lock()
		defer arrivals.Unlock()
		arrivals.before = f
	}
	set(f)
	w.Cleanup(func() { set(nil) })
}

// seenByDatabase runs f and returns what reached PocketBase meanwhile.
func seenByDatabase(f func()) []arrival {
	arrivals.Lock()
	arrivals.all = nil
	arrivals.Unlock()
	f()
	arrivals.Lock()
	defer arrivals.Unlock()
	return slices.Clone(arrivals.all)
}
