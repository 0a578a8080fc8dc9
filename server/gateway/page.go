package gateway

import (
	"context"
	"strconv"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/rawjson"
)

// page is a list answer, cut but not decoded.
type page struct {
	items                                 [][]byte
	page, perPage, totalItems, totalPages []byte
	withheld                              bool // totals would count what is kept back
}

func cutPage(raw []byte) (page, error) {
	var p page
	err := rawjson.Fields(raw, func(key string, value []byte) error {
		switch key {
		case "page":
			p.page = value
		case "perPage":
			p.perPage = value
		case "totalItems":
			p.totalItems = value
		case "totalPages":
			p.totalPages = value
		case "items":
			return rawjson.Items(value, func(item []byte) error {
				p.items = append(p.items, item)
				return nil
			})
		}
		return nil
	})
	return p, err
}

// judgePage judges all records of a list in one call. One that the policy fails on
// is left out, and then the totals are withheld, for they would count it. Where
// the policy drops records, listVisible takes its place.
func (op *operation) judgePage(ctx context.Context, raw []byte) ([]byte, error) {
	p, err := cutPage(raw)
	if err != nil {
		return nil, unavailable(err)
	}
	_, shown, err := op.judgeAll(ctx, p.items, abi.ReasonListed, op.leftOut)
	if err != nil {
		return nil, err
	}
	kept := p.items[:0]
	for _, item := range shown {
		if item == nil {
			p.withheld = true
			continue
		}
		kept = append(kept, item)
	}
	p.items = kept
	return op.encodePage(p)
}

// keptBack tells whether a record is not for the caller.
func (op *operation) keptBack(record []byte, d *policy.Decision) bool {
	if d.Err != nil {
		op.logLeftOut(record, d.Err)
		return true
	}
	return d.Verdict != abi.VerdictAllow
}

// leftOut tells whether a listed record is not for the caller. A policy that keeps
// records back without saying so in its manifest is held to have said so from
// then on: it takes no filter and no sort until another version is in force.
func (op *operation) leftOut(record []byte, d *policy.Decision) bool {
	if !op.keptBack(record, d) {
		return false
	}
	if d.Err == nil {
		if _, seen := op.gateway.droppers.LoadOrStore(op.policy.Version(), true); !seen && !op.policy.Manifest().Drops {
			op.gateway.cache.TouchCollection(op.collection.Id) // what was answered to filters
			op.logger().Warn("the policy keeps back listed records without saying so, so this collection takes no filter or sort from clients any more; narrow the list in a list handler, or declare drops", "policy", op.policy.Name(), "version", op.policy.Version())
		}
	}
	return true
}

// loggedFailures is how many records that a policy failed on one request tells of
// in the log: a page may hold a thousand.
const loggedFailures = 5

func (op *operation) logLeftOut(record []byte, err error) {
	op.spent.failures++
	switch {
	case op.spent.failures <= loggedFailures:
		op.logFault(op.logger().With("record", idOf(record)), "the policy failed on one record, which is left out", err)
	case op.spent.failures == loggedFailures+1:
		op.logger().Error("the policy failed on more records of this request, which are left out, too", "policy", op.policy.Name(), "version", op.policy.Version())
	}
}

func (op *operation) encodePage(p page) ([]byte, error) {
	if p.withheld {
		p.totalItems, p.totalPages = []byte("-1"), []byte("-1") // as with skipTotal
	}
	if op.pick != "" {
		return pickedPage(p, op.pick)
	}
	size := 100
	for _, item := range p.items {
		size += len(item) + 1
	}
	out := append(make([]byte, 0, size), `{"items":[`...)
	for i, item := range p.items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	out = append(out, `],"page":`...)
	out = append(out, orZero(p.page)...)
	out = append(out, `,"perPage":`...)
	out = append(out, orZero(p.perPage)...)
	out = append(out, `,"totalItems":`...)
	out = append(out, orZero(p.totalItems)...)
	out = append(out, `,"totalPages":`...)
	out = append(out, orZero(p.totalPages)...)
	return append(out, '}'), nil
}

func orZero(number []byte) []byte {
	if _, err := strconv.Atoi(string(number)); err != nil {
		return []byte("0")
	}
	return number
}
