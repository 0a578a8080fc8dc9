package gateway

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/tools/picker"
	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/server/apierr"
)

// picked applies the client's fields parameter by PocketBase's own picker,
// behind the masks.
func picked(raw []byte, fields string) ([]byte, error) {
	if fields == "" {
		return raw, nil
	}
	return pick(json.RawMessage(raw), fields)
}

func pickedPage(p page, fields string) ([]byte, error) {
	items := make([]json.RawMessage, len(p.items))
	for i, item := range p.items {
		items[i] = item
	}
	result := &search.Result{Items: items}
	for number, raw := range map[*int][]byte{
		&result.Page: p.page, &result.PerPage: p.perPage,
		&result.TotalItems: p.totalItems, &result.TotalPages: p.totalPages,
	} {
		if err := json.Unmarshal(orZero(raw), number); err != nil {
			return nil, apierr.From(err)
		}
	}
	return pick(result, fields)
}

func pick(data any, fields string) ([]byte, error) {
	chosen, err := picker.Pick(data, fields)
	if err != nil {
		return nil, apierr.Detailed(apierr.BadQuery, "The fields parameter cannot be read: %v.", err)
	}
	out, err := json.Marshal(chosen)
	if err != nil {
		return nil, apierr.From(err)
	}
	return out, nil
}
