package gateway

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/policy"
)

// maxIDs and maxIDBytes bound the ids of one list request, below PocketBase's
// bounds for the conditions and for the length of a filter.
const (
	maxIDs     = 100
	maxIDBytes = 2000
)

// readStored reads a record as superuser, for judging only.
func (read reader) readStored(ctx context.Context, collectionID, recordID string) (raw []byte, record *fastjson.Value, err error) {
	if recordID == "" || recordID == "." || recordID == ".." {
		return nil, nil, apierr.NotFound() // in a path, they would lead elsewhere
	}
	answer, err := read(ctx, &reading{collection: collectionID, record: recordID, asSuperuser: true})
	switch {
	case err != nil:
		return nil, nil, err
	case answer.Status == http.StatusNotFound:
		return nil, nil, apierr.NotFound()
	case answer.Status != http.StatusOK:
		return nil, nil, unavailable(fmt.Errorf("reading a stored record: status %d", answer.Status))
	}
	if record, err = parseRecord(answer.Body); err != nil {
		return nil, nil, err
	}
	return answer.Body, record, nil
}

func recordPath(collectionID, recordID string) string {
	path := "/api/collections/" + url.PathEscape(collectionID) + "/records"
	if recordID != "" {
		path += "/" + url.PathEscape(recordID)
	}
	return path
}

// target is the stored record that an update or a delete is aimed at: as
// policies see it, and as PocketBase's own model, which resolves modifiers.
type target struct {
	policy.Record
	model *core.Record
}

func (op *operation) readTarget(ctx context.Context) error {
	raw, stored, err := reader(op.gateway.askNow).readStored(ctx, op.collection.ID(), op.RecordID)
	if err != nil {
		return err
	}
	model, err := op.collection.RecordFromJSON(raw)
	if err != nil {
		return unavailable(err)
	}
	record, err := op.whole(ctx, stored)
	op.target = &target{record, model}
	return err
}

// whole is a stored record as policies see it, with its relations.
func (op *operation) whole(ctx context.Context, stored *fastjson.Value) (policy.Record, error) {
	records := []policy.Record{{Value: ordered(&fastjson.Arena{}, op.collection, stored)}}
	err := op.relate(ctx, records)
	return records[0], err
}

// readByID reads records of a collection as superuser, by id. Those that are
// gone are missing in the answer; nil is one that cannot be read.
func (read reader) readByID(ctx context.Context, collectionID string, ids []string) (map[string]*fastjson.Value, error) {
	found := make(map[string]*fastjson.Value, len(ids))
	for chunk := range chunks(ids) {
		these, err := anyID(chunk)
		if err != nil {
			return nil, err
		}
		items, err := read.list(ctx, &reading{collection: collectionID, query: url.Values{"filter": {these.String()}, "perPage": {strconv.Itoa(len(chunk))}}, only: chunk})
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			v, err := parseRecord(item)
			if err != nil && !isUnreadable(err) {
				return nil, err
			}
			found[idOf(item)] = v
		}
	}
	return found, nil
}

// chunks cuts ids into as many as one list request can name.
func chunks(ids []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for len(ids) > 0 {
			n, size := 0, 0
			for n < len(ids) && n < maxIDs && (n == 0 || size+len(ids[n]) <= maxIDBytes) {
				size += len(ids[n])
				n++
			}
			if !yield(ids[:n]) {
				return
			}
			ids = ids[n:]
		}
	}
}

// anyID is met by the records of these ids.
func anyID(ids []string) (*filter.Node, error) {
	conditions := make([]*filter.Node, len(ids))
	for i, id := range ids {
		var err error
		if conditions[i], err = filter.Condition("id", filter.Equal, filter.Text(id)); err != nil {
			return nil, apierr.Caused(apierr.Internal, err)
		}
	}
	return filter.Any(conditions...), nil
}

// list lists records as superuser, encoded, for Hapta's own use.
func (read reader) list(ctx context.Context, r *reading) ([][]byte, error) {
	r.asSuperuser = true
	r.query.Set("skipTotal", "1")
	answer, err := read(ctx, r)
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, unavailable(fmt.Errorf("listing records: status %d", answer.Status))
	}
	p, err := cutPage(answer.Body)
	if err != nil {
		return nil, unavailable(err)
	}
	return p.items, nil
}

// relate reads the relations that the manifest declares, all records of a page
// at once.
func (op *operation) relate(ctx context.Context, records []policy.Record) error {
	var skipped unjudgeable
	for _, name := range op.policy.Manifest().Relations {
		relation, err := op.collection.Relation(op.snapshot.Schema, name)
		if err != nil || relation.Back {
			return op.invalid("it declares the relation %q, which %s does not have", name, op.collection.Name)
		}
		found, err := reader(op.askShared).readByID(ctx, relation.Target.Id, relatedIDs(records, name))
		if err != nil {
			return err
		}
		var a fastjson.Arena
		for id, v := range found {
			if v != nil {
				found[id] = ordered(&a, relation.Target, v)
			}
		}
		for i := range records {
			if leadsToUnreadable(records[i].Value.Get(name), found) {
				skipped.add(string(records[i].Value.GetStringBytes("id")))
				continue
			}
			if v := related(&a, records[i].Value, name, relation.Many, found); v != nil {
				if records[i].Relations == nil {
					records[i].Relations = map[string]*fastjson.Value{}
				}
				records[i].Relations[name] = v
			}
		}
	}
	return skipped.or(nil)
}

func leadsToUnreadable(field *fastjson.Value, found map[string]*fastjson.Value) bool {
	return slices.ContainsFunc(texts(field), func(id string) bool {
		v, there := found[id]
		return there && v == nil
	})
}

func relatedIDs(records []policy.Record, name string) []string {
	lists := make([][]string, len(records))
	for i, r := range records {
		lists[i] = texts(r.Value.Get(name))
	}
	return distinct(lists)
}

func related(a *fastjson.Arena, record *fastjson.Value, name string, multiple bool, found map[string]*fastjson.Value) *fastjson.Value {
	ids := texts(record.Get(name))
	if !multiple {
		if len(ids) == 0 {
			return nil
		}
		return found[ids[0]]
	}
	list, n := a.NewArray(), 0
	for _, id := range ids {
		if v := found[id]; v != nil {
			list.SetArrayItem(n, v)
			n++
		}
	}
	return list
}
