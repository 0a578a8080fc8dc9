package sharing

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/hapta/hapta/server/pocketbase"
)

// asked is a request with what was said of it and what PocketBase answered.
type asked struct {
	request     Request
	viewed      string // the id of the one record, if it is a view
	path, query string
	callers     []caller
	said        Sharing
	answers     []string // of each caller
}

// request is one that nobody was asked yet.
func (w *world) request() *asked {
	c := w.collection()
	q, values := Request{Collection: c, View: w.IntN(2) == 0}, url.Values{}
	a := &asked{path: "/api/collections/" + c.Name + "/records", callers: w.callers}
	if q.AsSuperuser = w.IntN(6) == 0; q.AsSuperuser {
		a.callers = []caller{w.superuser()}
	}
	if q.View {
		records := w.records[c.Name]
		if len(records) == 0 {
			records = w.records["posts"]
		}
		a.viewed = pick(w.generator, records...).Id
		a.path += "/" + a.viewed
	}
	if w.IntN(2) == 0 {
		q.Filter = w.filter(c, true)
		values.Set("filter", q.Filter)
	}
	if w.IntN(3) == 0 {
		q.Sort = pick(w.generator, "", "-") + w.path(c, true)
		values.Set("sort", q.Sort)
	}
	if w.IntN(2) == 0 {
		q.Expand = w.expand(c)
		values.Set("expand", q.Expand)
	}
	a.request, a.query = q, values.Encode()
	return a
}

func (w *world) superuser() caller {
	w.Helper()
	token, err := db.Superuser()
	if err != nil {
		w.Fatal(err)
	}
	return caller{token: token}
}

// answer asks PocketBase as a caller; twice differs from once in all that a
// request says beside who asks. Each comes from another address, as PocketBase
// puts off who finds nothing too often.
func (w *world) answer(path, query string, by caller, twice bool) string {
	w.Helper()
	q := &pocketbase.Request{
		Method: http.MethodGet, Path: path, RawQuery: query, Token: by.token, Header: http.Header{},
		ClientAddr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(w.IntN(256)), byte(w.IntN(256)), byte(w.IntN(256))}), 1),
	}
	if twice {
		body := strings.NewReader(`{"title":"a"}`)
		q.RawQuery += "&key=a"
		q.Header.Set("X-Key", "a")
		q.Header.Set("Content-Type", "application/json")
		q.Body, q.ContentLength = body, body.Size()
	}
	response, err := db.Fetch(w.Context(), q)
	if err != nil {
		w.Fatal(err)
	}
	return fmt.Sprint(response.Status, " ", string(response.Body))
}

// String tells of a failure what it came from.
func (a *asked) String() string {
	text := a.path + "?" + a.query
	if a.request.AsSuperuser {
		text += " as superuser"
	}
	for _, c := range db.Schema().All() {
		if !c.System {
			text += fmt.Sprintf("\n\t%s: list %s, view %s, manage %s", c.Name, written(c.ListRule), written(c.ViewRule), written(c.ManageRule))
		}
	}
	return text + "\n\t" + strings.Join(a.answers, "\n\t") + "\n"
}

func written(rule *string) string {
	if rule == nil {
		return "none"
	}
	return strconv.Quote(*rule)
}
