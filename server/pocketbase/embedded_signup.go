package pocketbase

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

type signUpKey struct{}

// signUpStore is where a sign-up's request keeps who is to be asked: PocketBase
// makes the record by a request of its own, which has the store of the first one
// and not its context (apis/record_auth_with_oauth2.go).
const signUpStore = "haptaOnSignUp"

// askAboutSignUps has Request.OnSignUp asked within the transaction that stores
// the record, behind all other hooks, on what they have made of it.
func (e *embedded) askAboutSignUps() {
	e.app.OnRecordAuthWithOAuth2Request().BindFunc(func(ev *core.RecordAuthWithOAuth2RequestEvent) error {
		if ask, ok := ev.Request.Context().Value(signUpKey{}).(func(*core.Record) error); ok {
			ev.Set(signUpStore, ask)
		}
		return ev.Next()
	})
	e.app.OnRecordCreateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id:       "haptaSignUp",
		Priority: 9999,
		Func: func(ev *core.RecordRequestEvent) error {
			if ask, ok := ev.Get(signUpStore).(func(*core.Record) error); ok {
				if err := ask(ev.Record); err != nil {
					return err
				}
			}
			return ev.Next()
		},
	})
}

// withSignUp lets askAboutSignUps find whom to ask.
func withSignUp(ctx context.Context, ask func(*core.Record) error) context.Context {
	if ask == nil {
		return ctx
	}
	return context.WithValue(ctx, signUpKey{}, ask)
}
