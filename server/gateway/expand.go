package gateway

import (
	"errors"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// branch is one name of the client's expand parameter, and what is to be
// expanded behind it.
type branch struct {
	pocketbase.Relation
	name   string
	op     *operation // a view of the collection it leads into, with further branches
	native bool       // asked for as whoever asks for the parent, so the database expands it in its answer
}

// planExpand makes a tree of the expand parameter and tells the database what
// of it to expand. Where no policy has a say, all of it is left to the database.
// Paths that lead nowhere are left out, as PocketBase leaves them unexpanded.
func (op *operation) planExpand() error {
	var followed []string
	for _, path := range expandPaths(op.query.Get("expand")) {
		names := strings.Split(path, ".")
		if !op.leads(names) {
			continue
		}
		if err := op.grow(names); err != nil {
			return err
		}
		followed = append(followed, path)
	}
	if op.policy == nil && !op.leadsToPolicy() {
		op.branches = nil
	} else {
		followed = op.nativePaths("")
	}
	op.query.Del("expand")
	if len(followed) > 0 {
		op.query.Set("expand", strings.Join(followed, ","))
	}
	return nil
}

// leads tells whether each of the names is a relation, from the operation's own
// collection on.
func (op *operation) leads(names []string) bool {
	at := op.collection
	for _, name := range names {
		relation, err := at.Relation(op.snapshot.Schema, name)
		if err != nil {
			return false
		}
		at = relation.Target
	}
	return true
}

// expandPaths reads the parameter as PocketBase does (core/record_query_expand.go).
func expandPaths(param string) []string {
	var paths []string
	for path := range strings.SplitSeq(param, ",") {
		path = strings.Trim(strings.ReplaceAll(path, " ", ""), ".")
		if names := strings.Split(path, "."); len(names) > pocketbase.MaxDepth {
			path = strings.Join(names[:pocketbase.MaxDepth], ".")
		}
		if path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// grow adds a path to the tree, from the operation's own collection on.
func (op *operation) grow(names []string) error {
	if len(names) == 0 {
		return nil
	}
	i := slices.IndexFunc(op.branches, func(b *branch) bool { return b.name == names[0] })
	if i < 0 {
		b, err := op.newBranch(names[0])
		if err != nil {
			return err
		}
		i = len(op.branches)
		op.branches = append(op.branches, b)
	}
	return op.branches[i].op.grow(names[1:])
}

func (op *operation) newBranch(name string) (*branch, error) {
	relation, err := op.collection.Relation(op.snapshot.Schema, name)
	if err != nil {
		return nil, apierr.Caused(apierr.Internal, err) // the path has been resolved
	}
	into, err := op.into(relation.Target)
	if err != nil {
		return nil, err
	}
	return &branch{Relation: relation, name: name, op: into, native: into.asSuperuser == op.asSuperuser}, nil
}

// into is a view of another collection on behalf of the same request.
func (op *operation) into(c *pocketbase.Collection) (*operation, error) {
	req := &Request{Passage: op.Passage, Operation: abi.OperationView, Collection: c.Id}
	req.Body, req.ContentLength = nil, 0
	into, err := op.gateway.hold(op.snapshot, req)
	switch {
	case errors.Is(err, errReplaced):
		return nil, apierr.Caused(apierr.NotReady, err)
	case err != nil:
		e := apierr.From(err)
		return nil, apierr.Detailed(apierr.ExpandRefused, "%q cannot be expanded: %s", c.Name, e.Message)
	}
	into.spent = op.spent
	return into, nil
}

// fetchExpansions leaves none to the database, for an operation that turns out to
// go as someone else than planned.
func (op *operation) fetchExpansions() {
	op.query.Del("expand")
	for _, b := range op.branches {
		b.native = false
	}
}

func (op *operation) leadsToPolicy() bool {
	return slices.ContainsFunc(op.branches, func(b *branch) bool { return b.op.policy != nil || b.op.leadsToPolicy() })
}

// nativePaths lists what the database expands in its own answer.
func (op *operation) nativePaths(prefix string) []string {
	var paths []string
	for _, b := range op.branches {
		if !b.native {
			continue
		}
		path := prefix + b.name
		if deeper := b.op.nativePaths(path + "."); len(deeper) > 0 {
			paths = append(paths, deeper...)
		} else {
			paths = append(paths, path)
		}
	}
	return paths
}
