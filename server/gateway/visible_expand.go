package gateway

import (
	"context"
	"slices"
)

// expandVisible adds to what leaves what the client wants expanded in it. What the
// database expands is asked for of these records alone, and as they may have
// changed since, they are judged as they are now.
func (op *operation) expandVisible(ctx context.Context, w *window) ([][]byte, error) {
	if len(op.nativePaths("")) == 0 {
		return w.shown, op.expandInto(ctx, w.shown, w.shown)
	}
	raw, err := op.fetchChunks(ctx, w.ids)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(w.ids))
	for i, id := range w.ids {
		place[id] = i
	}
	slices.SortFunc(raw, func(a, b []byte) int { return place[idOf(a)] - place[idOf(b)] })
	raw, shown, err := op.judgeListed(ctx, raw)
	if err == nil {
		err = op.expandInto(ctx, raw, shown)
	}
	return slices.DeleteFunc(shown, func(item []byte) bool { return item == nil }), err
}
