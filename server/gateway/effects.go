package gateway

import (
	"encoding/json"
	"slices"

	"github.com/hapta/hapta/server/policy"
)

// apply makes a policy's effects part of what is written.
func (op *operation) apply(effects []policy.Effect) error {
	for _, e := range effects {
		i := slices.IndexFunc(op.write.fields, func(f writtenField) bool { return f.Name == e.Name })
		if i >= 0 {
			op.write.fields = slices.Delete(op.write.fields, i, i+1)
		}
		if e.Unset {
			continue
		}
		if err := op.mayEffect(e.Name); err != nil {
			return err
		}
		var v any
		if err := json.Unmarshal(e.Value, &v); err != nil {
			return op.invalid("it sets %q to something that is no value: %v", e.Name, err)
		}
		resolved, _, err := op.collection.Resolve(op.model(), map[string]any{e.Name: v})
		if err != nil || len(resolved) != 1 {
			return op.invalid("it sets %q, which cannot be set: %v", e.Name, err)
		}
		op.write.insert(op.collection, writtenField{ResolvedField: resolved[0]})
	}
	return nil
}

// mayEffect tells whether an effect on a field could be stored at all.
func (op *operation) mayEffect(name string) error {
	switch {
	case op.collection.Field(name) == nil:
		return op.invalid("it sets %q, which is no field of %s", name, op.collection.Name)
	case isFile(op.collection, name):
		return op.invalid("it sets %q; files come from uploads alone", name)
	case op.collection.IsHidden(name) && (!op.asSuperuser || op.write.byOwner):
		return op.invalid("it sets %q, a hidden field, in a write that goes as the caller, where PocketBase would drop it", name)
	}
	return nil
}
