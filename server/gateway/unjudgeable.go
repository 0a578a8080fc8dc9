package gateway

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/apierr"
)

// unjudgeable says which records cannot be judged: their JSON, or that of a record
// they relate to, is nested more deeply than it is read. Nobody gets them.
type unjudgeable struct{ ids map[string]bool }

func (u *unjudgeable) Error() string {
	return fmt.Sprintf("%d records are nested too deeply to be judged", len(u.ids))
}

func (u *unjudgeable) Unwrap() error { return apierr.New(apierr.RecordUnreadable) }

// or is err, or else u if there are any.
func (u *unjudgeable) or(err error) error {
	if err == nil && len(u.ids) > 0 {
		return u
	}
	return err
}

func (u *unjudgeable) add(id string) {
	if u.ids == nil {
		u.ids = map[string]bool{}
	}
	u.ids[id] = true
}

// leaveOut takes them out of an answer, for the others to be judged.
func (u *unjudgeable) leaveOut(raw [][]byte) (others [][]byte) {
	for _, r := range raw {
		if !u.ids[idOf(r)] {
			others = append(others, r)
		}
	}
	return others
}

// parseRecord reads a record of the database's. It is a value of JSON in any case,
// or the answer was cut.
func parseRecord(raw []byte) (*fastjson.Value, error) {
	v, err := fastjson.ParseBytes(raw)
	switch {
	case err == nil:
		return v, nil
	case json.Valid(raw):
		return nil, apierr.New(apierr.RecordUnreadable)
	}
	return nil, unavailable(errors.New("the database's record is not JSON"))
}

func isUnreadable(err error) bool {
	return err != nil && apierr.From(err).Code == apierr.RecordUnreadable
}
