package pocketbase

import (
	"errors"
	"strings"
	"testing"
)

func TestProve(t *testing.T) {
	d := openEmbedded(t, nil)
	app := d.backend.(*embedded).app
	r := asSuperuser(t, d, "POST", "/api/collections/users/records", `{"email":"ada@example.com","password":"12345678","passwordConfirm":"12345678"}`)
	if r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	user, err := app.FindAuthRecordByEmail("users", "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	token, err := user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	fresh, record, err := d.Prove(t.Context(), "users", token)
	if err != nil || fresh == "" || !strings.Contains(string(record), "ada@example.com") {
		t.Fatalf("%q %s %v", fresh, record, err)
	}
	if _, _, err := d.Prove(t.Context(), "USERS", fresh); err != nil {
		t.Errorf("the new token does not hold: %v", err)
	}
	rejected := func(collection, token string) {
		t.Helper()
		if _, _, err := d.Prove(t.Context(), collection, token); !errors.Is(err, ErrRejected) {
			t.Errorf("got %v, want ErrRejected", err)
		}
	}
	rejected("users", "")
	rejected("users", token+"x")
	rejected("_superusers", token)
	user.SetPassword("another password")
	if err := app.Save(user); err != nil {
		t.Fatal(err)
	}
	rejected("users", fresh)

	away, _ := openRemote(t, "http://"+freeAddress(t), nil)
	_, _, err = away.Prove(t.Context(), "users", token)
	wantUnavailable(t, err)
}
