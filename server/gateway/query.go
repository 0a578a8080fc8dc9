package gateway

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/pocketbase"
)

// checkQuery makes op.query, the parameters that go to the database: without
// expansions, filters and sorts that would show or ask what a policy decides.
func (op *operation) checkQuery() error {
	op.query = maps.Clone(op.Query)
	if !op.snapshot.judging {
		return nil
	}
	if err := op.planExpand(); err != nil {
		return err
	}
	if op.Operation == abi.OperationList {
		if err := op.checkSort(); err != nil {
			return err
		}
		if err := op.checkFilter(); err != nil {
			return err
		}
	}
	if op.policy != nil || op.branches != nil {
		op.pick = op.query.Get("fields")
		op.query.Del("fields") // a policy judges whole records
	}
	if op.asSuperuser {
		op.query = only(op.query, "filter", "sort", "page", "perPage", "skipTotal", "expand")
	}
	return nil
}

func only(q url.Values, names ...string) url.Values {
	out := url.Values{}
	for _, name := range names {
		if q.Has(name) {
			out.Set(name, q.Get(name))
		}
	}
	return out
}

func (op *operation) checkSort() error {
	for _, sort := range op.query["sort"] {
		fields := filter.SortFields(sort)
		if op.drops() && orders(sort) {
			return apierr.New(apierr.FiltersRefused)
		}
		for _, path := range fields {
			if err := op.mayName(path); err != nil {
				return err
			}
			if op.ordersAddresses(path) {
				return apierr.Detailed(apierr.FieldUnknown, "A sort cannot name %q.", path)
			}
		}
	}
	return nil
}

// ordersAddresses tells whether a sort by the path would tell of addresses that
// are not visible. PocketBase keeps those out of filters, and not out of sorts.
func (op *operation) ordersAddresses(path string) bool {
	steps, err := op.collection.Steps(op.snapshot.Schema, path)
	if err != nil {
		return false
	}
	last := steps[len(steps)-1]
	return last.Field == "email" && last.Collection.IsAuth() && op.snapshot.access[last.Collection.Id].policy != nil
}

// checkFilter parses the client's filter, refuses what it may not name, and
// writes it anew, so that what was checked is what runs.
func (op *operation) checkFilter() error {
	text := op.query.Get("filter")
	op.query.Del("filter")
	if text == "" {
		return nil
	}
	if op.drops() {
		return apierr.New(apierr.FiltersRefused)
	}
	node, err := filter.Parse(text)
	if err != nil {
		return badFilter(err)
	}
	for _, path := range node.Fields() {
		if err := op.mayName(path); err != nil {
			return err
		}
	}
	if op.policy != nil && op.collection.IsAuth() {
		if node, err = visibleEmails(node); err != nil {
			return err
		}
	}
	op.filter = node
	return nil
}

func badFilter(err error) error {
	e := apierr.Detailed(apierr.BadFilter, "%v.", err)
	if errors.Is(err, filter.ErrLimit) {
		e.Detail = filter.ErrLimit.Error()
	}
	return e
}

// visibleEmails narrows each term on an address to the visible ones, which is
// what PocketBase does for everyone but superusers, save inside a function.
func visibleEmails(node *filter.Node) (*filter.Node, error) {
	visible, err := filter.Condition("emailVisibility", filter.Equal, filter.Bool(true))
	if err != nil {
		return nil, err
	}
	return node.Guard("email", visible), nil
}

// orders tells whether a sort asks for another order than that of the rows.
func orders(sort string) bool {
	return len(filter.SortFields(sort)) > 0 || strings.Contains(sort, "@random") // which has no pages
}

// asksAboutRecords tells whether the client chooses or sorts records by what they
// hold.
func (op *operation) asksAboutRecords() bool {
	return op.Query.Get("filter") != "" || slices.ContainsFunc(op.Query["sort"], orders)
}

// drops tells whether the policy keeps back records of a list: it declares it,
// or was seen to do it. A filter or sort would then ask about hidden records.
func (op *operation) drops() bool {
	if op.policy == nil {
		return false
	}
	_, seen := op.gateway.droppers.Load(op.policy.Version())
	return seen || op.policy.Manifest().Drops
}

// mayName tells whether a client's filter or sort may name a path. A masked
// field would be told by the records that match; a path into a collection
// with a policy would tell what that policy keeps back.
func (op *operation) mayName(path string) error {
	if strings.HasPrefix(path, "@") {
		if op.asSuperuser {
			return apierr.Detailed(apierr.FieldUnknown, "A filter or sort cannot name %q.", path)
		}
		return nil // PocketBase refuses these to everyone but superusers
	}
	if op.policy != nil {
		m := op.policy.Manifest()
		if slices.Contains(m.Masks, base(path)) || slices.Contains(m.AlwaysMasked, base(path)) {
			return apierr.Detailed(apierr.FieldMasked, "%q may be masked, so no filter or sort can name it.", base(path))
		}
	}
	steps, err := op.collection.Steps(op.snapshot.Schema, path)
	if err != nil || slices.ContainsFunc(steps, isHidden) { // both alike, so that names of hidden fields are not told
		return apierr.Detailed(apierr.FieldUnknown, "%q is not a field that a filter or sort can name.", path)
	}
	for _, step := range steps {
		if step.Crossed && !op.mayCross(step) {
			return op.crossing(path, step)
		}
	}
	return nil
}

// crossing tells why a path may not cross, and what would let it.
func (op *operation) crossing(path string, step pocketbase.Step) error {
	if a := op.snapshot.access[step.Collection.Id]; a.policy == nil && a.closed == "" {
		return apierr.Detailed(apierr.CrossesPolicy, "%q names %q of %s, which has no policy to call it public, and here a policy decides alone.", path, step.Field, step.Collection.Name)
	}
	return apierr.Detailed(apierr.CrossesPolicy, "%q names %q of %s, which is decided separately and does not call it public.", path, step.Field, step.Collection.Name)
}

func isHidden(step pocketbase.Step) bool { return step.Collection.IsHidden(step.Field) }

// mayCross tells whether a path may name a field of another collection: one that
// its policy calls public for everyone; or any, where the database's rules decide
// about that collection and are asked, for the superuser meets none.
func (op *operation) mayCross(step pocketbase.Step) bool {
	a := op.snapshot.access[step.Collection.Id]
	switch {
	case a.closed != "":
		return false
	case a.policy == nil:
		return !op.asSuperuser
	case op.asSuperuser && step.Collection.IsAuth() && step.Field == "email":
		return false // nobody would guard it
	}
	return slices.Contains(a.policy.Manifest().Public, step.Field)
}

// base is the field a path begins with, without modifiers.
func base(path string) string {
	if i := strings.IndexAny(path, ".:"); i >= 0 {
		return path[:i]
	}
	return path
}
