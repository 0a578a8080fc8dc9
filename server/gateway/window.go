package gateway

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/server/apierr"
)

// window is a page of visible records while it fills.
type window struct {
	page, perPage int
	before        int // visible records that stand before it and are still to come
	ids           []string
	shown         [][]byte // what of the records leaves
}

// newWindow reads which page is asked for, as PocketBase does
// (tools/search/provider.go). One that begins behind all that would be read is not
// looked for.
func newWindow(query url.Values) (*window, error) {
	page, err := number(query.Get(search.PageQueryParam), 1)
	if err != nil {
		return nil, err
	}
	perPage, err := number(query.Get(search.PerPageQueryParam), search.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	perPage = min(perPage, search.MaxPerPage)
	if page-1 > maxListed/perPage {
		return nil, listTooLong()
	}
	return &window{page: page, perPage: perPage, before: (page - 1) * perPage}, nil
}

// number is the usual one unless the text is a positive one.
func number(text string, usual int) (int, error) {
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &apierr.Error{Status: http.StatusBadRequest, Message: "Something went wrong while processing your request.", Cause: err} // as PocketBase says it
	}
	if n <= 0 {
		return usual, nil
	}
	return n, nil
}

// firstRead is how many records are read at first: as many as suffice when none
// is dropped, and a usual page at least.
func (w *window) firstRead() int {
	return min(max(w.before+w.perPage, search.DefaultPerPage), search.MaxPerPage)
}

// take goes on with records that were judged; a nil in shown is one to leave out.
func (w *window) take(raw, shown [][]byte) {
	for i, item := range shown {
		switch {
		case item == nil || w.isFull():
		case w.before > 0:
			w.before--
		default:
			w.ids = append(w.ids, idOf(raw[i]))
			w.shown = append(w.shown, item)
		}
	}
}

func (w *window) isFull() bool { return len(w.shown) == w.perPage }
