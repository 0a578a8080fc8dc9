package gateway

import (
	"context"
	"errors"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// unavailable is the client's answer to a database that did not answer. Its 503
// means that nothing was sent, so that even a write may be repeated; behind the
// others a write may have been stored.
func unavailable(err error) error {
	switch {
	case errors.Is(err, pocketbase.ErrNotSent):
		return apierr.Caused(apierr.NotReady, err)
	case errors.Is(err, pocketbase.ErrBusy):
		return apierr.Caused(apierr.UpstreamBusy, err)
	case errors.Is(err, pocketbase.ErrBody):
		return unreadable(err)
	case errors.Is(err, context.DeadlineExceeded):
		return apierr.Caused(apierr.UpstreamTimeout, err)
	case errors.Is(err, pocketbase.ErrTooLarge):
		return apierr.Caused(apierr.UpstreamTooLarge, err)
	}
	return apierr.Caused(apierr.UpstreamUnavailable, err)
}
