package coherence

import (
	"testing"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

// Another policy, or another who decides, judges from then on what was kept before, and
// is shown nothing that was kept for the other.
func TestWhatIsKeptIsJudgedByWhoeverDecidesNow(t *testing.T) {
	w := newWorld(t, db)
	user := w.viewers[2]
	if err := store("letters", idOf("letters", 0), map[string]any{"draft": false, "owner": "", "m_text": "masked", "h_text": "hidden"}); err != nil {
		t.Fatal(err)
	}
	var all []reading
	for _, collection := range []string{"posts", "letters", "drafts"} {
		for _, r := range []request{{op: list, collection: collection}, {op: view, collection: collection, id: idOf(collection, 0)}} {
			all = append(all, reading{r, w.viewers[0]}, reading{r, user})
		}
	}
	f := func(what string, change func(policies map[string]string, s *gateway.Settings)) {
		t.Helper()
		w.use(change)
		for range 2 { // once read, and once kept
			for _, r := range all {
				w.holds(r, w.ask(w.cached, r.by, r.request))
			}
		}
		if t.Failed() {
			t.Fatal(what)
		}
	}
	decides := func(collection, policy string, alone bool) func(map[string]string, *gateway.Settings) {
		return func(policies map[string]string, s *gateway.Settings) {
			policies[collection] = policy
			if policy == "" {
				delete(policies, collection)
			}
			s.ByPolicy = map[string]bool{"letters": true, collection: alone}
		}
	}
	f("as they begin", func(map[string]string, *gateway.Settings) {})
	f("another policy", decides("letters", "open", true))
	f("and back", decides("letters", "letters", true))
	if err := store("posts", idOf("posts", 0), map[string]any{"secret": "hidden"}); err != nil { // and nothing of them is kept
		t.Fatal(err)
	}
	f("a policy alone", decides("posts", "open", true))
	f("the rules alone", decides("posts", "", false))
	f("both", decides("posts", "open", false))
	f("one identity each", func(_ map[string]string, s *gateway.Settings) {
		s.CollectionCache = map[string]cache.Collection{"posts": {Mode: cache.Identity}}
	})
}

// What a caller may see changes with their own record, and with nobody else's.
func TestARoleCountsFromItsChangeOn(t *testing.T) {
	w := newWorld(t, db)
	one, other := w.viewers[2], w.viewers[3]
	w.become(one, "moderator")
	w.become(other, "moderator")
	all := []reading{
		{request{op: list, collection: "staff"}, one}, {request{op: view, collection: "staff", id: idOf("staff", 0)}, one},
		{request{op: list, collection: "users"}, one}, {request{op: list, collection: "members"}, one},
		{request{op: list, collection: "posts", query: "expand=staff_via_post"}, one},
	}
	others := request{op: list, collection: "staff"}
	w.ask(w.cached, other, others)
	for _, role := range []string{"moderator", "", "moderator"} {
		w.become(one, role)
		for range 2 {
			for _, r := range all {
				w.holds(r, w.ask(w.cached, r.by, r.request))
			}
		}
		if a := w.ask(w.cached, other, others); a.outcome != cache.Hit {
			t.Errorf("the other's is a %s", a.outcome)
		}
	}
}
