package gateway

import (
	"encoding/json"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/rawjson"
)

// encode gives the upstream request a body of Hapta's own making: what was
// judged, and never the client's bytes.
func (w *write) encode(req *pocketbase.Request, asSuperuser bool) error {
	fields, err := w.encodeFields(asSuperuser)
	if err != nil {
		return err
	}
	w.opened, err = setBody(req, fields, w.parts())
	return err
}

func (w *write) encodeFields(asSuperuser bool) ([]byte, error) {
	out := []byte{'{'}
	add := func(key string, value []byte) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(rawjson.AppendString(out, key), ':')
		out = append(out, value...)
	}
	for _, f := range w.fields {
		switch {
		case f.ignored:
		case len(f.uploads) == 0:
			add(f.Name, f.Body())
		case f.kept != nil: // stays beside the uploads, which go as parts
			list, err := json.Marshal(f.kept)
			if err != nil {
				return nil, apierr.From(err)
			}
			add(f.Name, list)
		}
	}
	for key, v := range w.extras {
		if asSuperuser && key != "passwordConfirm" && key != "oldPassword" {
			continue // nothing but the policy decides here, and it judged fields
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, apierr.From(err)
		}
		add(key, value)
	}
	return append(out, '}'), nil
}
