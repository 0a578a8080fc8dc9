package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
)

// maxFetched bounds the records that one request may have fetched to be expanded.
// Those that the database expands in its own answer do not count.
const maxFetched = 500

// follow tells where a branch leads from each record that leaves, and what the
// database knows of those records, each once.
func (b *branch) follow(ctx context.Context, parent *operation, raw, shown [][]byte) (ids [][]string, children [][]byte, err error) {
	if b.native {
		ids, children = b.answered(raw, shown)
		return ids, children, nil
	}
	if b.Back {
		ids, err = b.backIDs(ctx, shown)
	} else {
		ids = b.idsIn(shown)
	}
	if err != nil {
		return nil, nil, err
	}
	children, err = b.op.fetchByID(ctx, distinct(ids))
	return ids, children, err
}

// answered is what the database expanded in its answer. A relation that was
// masked leads nowhere.
func (b *branch) answered(raw, shown [][]byte) (ids [][]string, children [][]byte) {
	ids = make([][]string, len(raw))
	seen := map[string]bool{}
	for i := range raw {
		if shown[i] == nil || !b.Back && valueIn(shown[i], b.Field) == nil {
			continue
		}
		for _, child := range oneOrMore(valueIn(valueIn(raw[i], "expand"), b.name)) {
			id := idOf(child)
			ids[i] = append(ids[i], id)
			if !seen[id] {
				seen[id] = true
				children = append(children, child)
			}
		}
	}
	return ids, children
}

func (b *branch) idsIn(shown [][]byte) [][]string {
	ids := make([][]string, len(shown))
	for i := range shown {
		ids[i] = textList(valueIn(shown[i], b.Field))
	}
	return ids
}

// backIDs asks, as superuser, which records relate to each of those that leave.
// Nothing but ids comes of it; the records themselves are fetched and judged.
func (b *branch) backIDs(ctx context.Context, shown [][]byte) ([][]string, error) {
	ids := make([][]string, len(shown))
	for i := range shown {
		if shown[i] == nil {
			continue
		}
		is, err := filter.Condition(b.Field+".id", filter.AnyEqual, filter.Text(idOf(shown[i])))
		if err != nil {
			return nil, apierr.Caused(apierr.Internal, err)
		}
		items, err := reader(b.op.askShared).list(ctx, &reading{collection: b.Target.Id, query: url.Values{
			"filter": {is.String()}, "fields": {"id"}, "sort": {"@rowid"}, "perPage": {strconv.Itoa(maxFetched + 1)},
		}})
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			ids[i] = append(ids[i], idOf(item))
		}
	}
	return ids, nil
}

// fetchByID reads records to be expanded, as whoever decides about them. Those
// that are not for that one are left out.
func (op *operation) fetchByID(ctx context.Context, ids []string) ([][]byte, error) {
	if op.spent.fetched += len(ids); op.spent.fetched > maxFetched {
		return nil, apierr.Detailed(apierr.ExpandTooLarge, "More than %d records would have to be fetched for it; ask for fewer records at once.", maxFetched)
	}
	if op.asSuperuser {
		return op.fetchChunks(ctx, ids)
	}
	var out [][]byte
	for _, id := range ids {
		one := op.asking(abi.OperationView, id)
		answer, err := one.fetch(ctx)
		switch {
		case err != nil && apierr.From(err).Status == http.StatusNotFound:
		case err != nil:
			return nil, err
		case answer.Status >= http.StatusInternalServerError:
			return nil, unavailable(fmt.Errorf("fetching a record to be expanded: status %d", answer.Status))
		case answer.Status == http.StatusOK:
			out = append(out, answer.Body)
		}
	}
	return out, nil
}

func (op *operation) fetchChunks(ctx context.Context, ids []string) ([][]byte, error) {
	var out [][]byte
	for chunk := range chunks(ids) {
		some := op.asking(abi.OperationList, "")
		var err error
		if some.filter, err = anyID(chunk); err != nil {
			return nil, err
		}
		if op.asSuperuser {
			some.only = chunk
		}
		some.query.Set("perPage", strconv.Itoa(len(chunk)))
		some.query.Set("skipTotal", "1")
		answer, err := some.fetch(ctx)
		if err != nil {
			return nil, err
		}
		if answer.Status != http.StatusOK {
			return nil, unavailable(fmt.Errorf("fetching records to be expanded: status %d", answer.Status))
		}
		p, err := cutPage(answer.Body)
		if err != nil {
			return nil, unavailable(err)
		}
		out = append(out, p.items...)
	}
	return out, nil
}

// asking is the operation's question to the database, with what it expands.
func (op *operation) asking(o abi.Operation, id string) *operation {
	q := *op
	q.Request = &Request{Passage: op.Passage, Operation: o, Collection: op.Collection, RecordID: id}
	q.query = url.Values{}
	if paths := op.nativePaths(""); len(paths) > 0 {
		q.query.Set("expand", strings.Join(paths, ","))
	}
	return &q
}
