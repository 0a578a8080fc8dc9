package policy

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestReplacementOfALostInstanceWaits(t *testing.T) {
	p := newPool()
	make := func(context.Context) (*instance, error) { return &instance{}, nil }
	if _, err := p.get(t.Context(), make); err != nil {
		t.Fatal(err)
	}
	p.put(nil)
	p.lost = time.Now().Add(time.Hour)

	gone := errors.New("the client has gone")
	ctx, leave := context.WithCancelCause(t.Context())
	leave(gone)
	if _, err := p.get(ctx, make); !errors.Is(err, gone) {
		t.Errorf("while it waits for a new instance: %v; want %v", err, gone)
	}
	if len(p.slots) != 0 {
		t.Error("the place of a caller that has gone is still taken")
	}
	p.lost = time.Now().Add(-rest)
	if i, err := p.get(t.Context(), make); i == nil || err != nil {
		t.Errorf("after the wait: %v, %v; want an instance", i, err)
	}
}
