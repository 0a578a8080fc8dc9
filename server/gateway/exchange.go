package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/rawjson"
)

// exchanged is a JSON object that a route of the app's own answered, without a
// token of PocketBase's at its top level: one that stands beside its record is
// exchanged for a session's, any other keeps the whole answer back.
func (g *Gateway) exchanged(ctx context.Context, snap *Snapshot, p *Passage, raw []byte) ([]byte, error) {
	if !json.Valid(raw) {
		return raw, nil // nobody reads a token out of it either
	}
	var tokens []upstreamToken
	var names []string // their keys
	members := map[string]json.RawMessage{}
	twice := false
	err := rawjson.Fields(raw, func(key string, value []byte) error {
		_, known := members[key]
		members[key], twice = value, twice || known
		if t, ok := encodedToken(value); ok {
			tokens, names = append(tokens, t), append(names, key)
		}
		return nil
	})
	if err != nil {
		return nil, apierr.Caused(apierr.TokenWithheld, err)
	}
	if len(tokens) == 0 {
		return raw, nil
	}
	t := tokens[0]
	if len(tokens) > 1 || twice || names[0] != "token" || !t.belongsTo(members["record"]) {
		return nil, apierr.Caused(apierr.TokenWithheld, errors.New(`a route of the app's own answers a token of PocketBase's; let it answer "token" and "record" as PocketBase's own sign-in does`))
	}
	token, record, err := g.openProved(ctx, snap, p, t, members["record"])
	if err != nil {
		return nil, err
	}
	return replaced(raw, map[string][]byte{"token": rawjson.AppendString(nil, token), "record": record})
}

// openProved opens a session for a token that came from a route of the app's
// own. Such a route may repeat what its client sent, so PocketBase is asked
// whether the token is one of its own.
func (g *Gateway) openProved(ctx context.Context, snap *Snapshot, p *Passage, t upstreamToken, record []byte) (string, []byte, error) {
	if c := snap.Schema.Find(t.CollectionID); c == nil || c.Name == core.CollectionNameSuperusers {
		return "", nil, apierr.Caused(apierr.TokenWithheld, errors.New("a route of the app's own answers a token of no user"))
	}
	op, err := g.beginSignIn(p, t.CollectionID)
	if err != nil {
		return "", nil, err
	}
	defer op.end()
	began := time.Now()
	if _, _, err := g.db.Prove(ctx, op.collection.Id, t.text); errors.Is(err, pocketbase.ErrRejected) {
		return "", nil, apierr.Caused(apierr.TokenWithheld, fmt.Errorf("a route of the app's own answers a token that does not hold: %w", err))
	} else if err != nil {
		return "", nil, unavailable(err)
	}
	s, err := op.sessionOf(t.text, began)
	if err != nil {
		return "", nil, unavailable(err)
	}
	if op.snapshot.judging { // nobody has judged what was expanded
		if record, err = rawjson.Without(nil, record, func(key string) bool { return key == core.FieldNameExpand }); err != nil {
			return "", nil, unavailable(err)
		}
	}
	if record, err = op.judgeSignedIn(ctx, s, record); err != nil {
		return "", nil, err
	}
	token, err := g.openSession(ctx, op.snapshot, s)
	if err != nil {
		return "", nil, apierr.From(err)
	}
	return token, record, nil
}

// encodedToken reads an encoded text that has the form of PocketBase's own auth
// tokens.
func encodedToken(value []byte) (upstreamToken, bool) {
	var text string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return upstreamToken{}, false
	}
	t, ok := readUpstreamToken(bare(text))
	return t, ok && t.Type == core.TokenTypeAuth
}

// belongsTo tells whether the token is that of an encoded record.
func (t upstreamToken) belongsTo(record []byte) bool {
	var who struct{ ID, CollectionID string }
	return json.Unmarshal(record, &who) == nil && who.ID == t.ID && t.ID != "" && who.CollectionID == t.CollectionID
}

// replaced is an object with other values for some of its keys.
func replaced(object []byte, values map[string][]byte) ([]byte, error) {
	out := make([]byte, 0, len(object))
	err := rawjson.Fields(object, func(key string, value []byte) error {
		if other, ok := values[key]; ok {
			value = other
		}
		out = append(out, ',')
		out = append(rawjson.AppendString(out, key), ':')
		out = append(out, value...)
		return nil
	})
	if err != nil {
		return nil, apierr.From(err)
	}
	out[0] = '{'
	return append(out, '}'), nil
}
