package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// arrivals are the requests on records that reached PocketBase, as its own
// hooks see them.
var arrivals struct {
	sync.Mutex
	all []arrival
}

type arrival struct {
	method, collection, record string // what PocketBase took the request for
	address                    string // and whom it took it to come from
	superuser                  bool
	query                      url.Values
	header                     http.Header
	body                       map[string]any
}

func recordArrivals(a core.App) {
	a.OnRecordsListRequest().BindFunc(func(e *core.RecordsListRequestEvent) error {
		return arrived(e.RequestEvent, e.Collection, "", e.Next)
	})
	one := func(e *core.RecordRequestEvent) error {
		return arrived(e.RequestEvent, e.Collection, e.Record.Id, e.Next)
	}
	a.OnRecordViewRequest().BindFunc(one)
	a.OnRecordCreateRequest().BindFunc(one)
	a.OnRecordUpdateRequest().BindFunc(one)
	a.OnRecordDeleteRequest().BindFunc(one)
	a.OnFileDownloadRequest().BindFunc(func(e *core.FileDownloadRequestEvent) error {
		return arrived(e.RequestEvent, e.Collection, e.Record.Id, e.Next)
	})
	a.OnRecordAuthWithPasswordRequest().BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		return arrived(e.RequestEvent, e.Collection, "", e.Next)
	})
}

func arrived(e *core.RequestEvent, c *core.Collection, record string, next func() error) error {
	if c.Name == core.CollectionNameAuthOrigins { // Hapta's own, of its feed of changes
		return next()
	}
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	arrivals.Lock()
	arrivals.all = append(arrivals.all, arrival{
		method: e.Request.Method, collection: c.Name, record: record, address: e.RealIP(), superuser: e.HasSuperuserAuth(),
		query: e.Request.URL.Query(), header: e.Request.Header.Clone(), body: info.Body,
	})
	arrivals.Unlock()
	return next()
}

// arrivedAt runs f and returns what reached PocketBase meanwhile.
func arrivedAt(f func()) []arrival {
	arrivals.Lock()
	arrivals.all = nil
	arrivals.Unlock()
	f()
	arrivals.Lock()
	defer arrivals.Unlock()
	return slices.Clone(arrivals.all)
}
