package gateway

import (
	"context"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
)

// maxListed bounds the records that are read for one page of a list from which the
// policy drops records. They are read from the list's beginning on, for where a
// page begins is known once all before it was judged; so many keep PocketBase busy
// for most of a second.
const maxListed = 10_000

// listVisible answers a list from which the policy drops records. Its pages are
// those of the records that the caller may see, as if there were no others: each
// is full until the last, so that none tells how many are dropped, or where.
func (op *operation) listVisible(ctx context.Context) (*Response, error) {
	if op.asksAboutRecords() {
		return nil, apierr.New(apierr.FiltersRefused)
	}
	if err := op.awaitTurn(ctx); err != nil {
		return nil, err
	}
	w, err := newWindow(op.query)
	if err != nil {
		return nil, err
	}
	op.orderRows()
	answer, err := op.fill(ctx, w)
	if err != nil || answer.Status >= http.StatusBadRequest {
		return answer, err
	}
	items, err := op.expandVisible(ctx, w)
	if err != nil {
		return nil, err
	}
	op.rereadIfOutdated(ctx)
	answer.Body, err = op.encodePage(page{
		items: items, page: strconv.AppendInt(nil, int64(w.page), 10), perPage: strconv.AppendInt(nil, int64(w.perPage), 10), withheld: true,
	})
	return answer, err
}

// orderRows makes the query one that can be read in parts: in an order that is the
// same each time. Without a sort PocketBase answers rows mostly as they were
// stored, which is what @rowid says; views have no rowid.
func (op *operation) orderRows() {
	if op.query.Get("sort") == "" {
		op.query.Set("sort", "@rowid")
		if op.collection.IsView() {
			op.query.Set("sort", "id")
		}
	}
	op.query.Set("skipTotal", "1")
	op.query.Del("expand") // is asked for once it is known what leaves
	once := *op.Request
	once.Body, once.ContentLength = nil, 0 // can be read once only
	op.Request = &once
}

// fill reads the list and judges it until the window is full or the list ends. The
// answer is the database's last one.
func (op *operation) fill(ctx context.Context, w *window) (answer *Response, err error) {
	for size, read := w.firstRead(), 0; ; read += size {
		if read >= 2*size && 2*size <= search.MaxPerPage {
			size *= 2 // read stays a multiple of it, so that pages of that size go on from there
		}
		if read+size > maxListed {
			return nil, listTooLong()
		}
		op.query.Set("perPage", strconv.Itoa(size))
		op.query.Set("page", strconv.Itoa(read/size+1))
		answer, err = op.fetch(ctx)
		if err != nil || answer.Status >= http.StatusBadRequest {
			return answer, err
		}
		p, err := cutPage(answer.Body)
		if err != nil {
			return nil, unavailable(err)
		}
		raw, shown, err := op.judgeListed(ctx, p.items)
		if err != nil {
			return nil, err
		}
		w.take(raw, shown)
		if w.isFull() || len(p.items) < size {
			return answer, nil
		}
	}
}

// judgeListed judges all of the records or none: what the policy has no work left
// for would look like what it drops.
func (op *operation) judgeListed(ctx context.Context, raw [][]byte) (there, shown [][]byte, err error) {
	there, shown, err = op.judgeEach(ctx, raw, abi.ReasonListed, op.leftOut)
	if err == nil && op.policy.Exhausts(&op.spent.budget) {
		return nil, nil, listTooLong()
	}
	return there, shown, err
}

func listTooLong() error {
	return apierr.Detailed(apierr.ListTooLong, "The policy of this collection drops records from its lists, so they are read from the beginning, and at most %d for a page. Ask for an earlier page; or narrow the list in the policy instead, which has no such bound.", maxListed)
}
