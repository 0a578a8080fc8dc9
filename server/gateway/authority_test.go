package gateway

import (
	"net/http"
	"testing"

	"github.com/hapta/hapta/abi"
)

// Each row of the authority table: for a write of each kind, what a client gets
// and whether anything was stored.
func TestWhoDecides(t *testing.T) {
	w := newWorld(t)
	script := map[string]string{"notes": "script"}
	rulesRefuse := map[string]string{"X-Rules": "no"}
	deny := Settings{DenyWithoutPolicy: true}
	denyBut := Settings{DenyWithoutPolicy: true, ByRules: map[string]bool{"notes": true}}

	// outcome of list, view, create, update and delete; code "" is PocketBase's.
	type outcome struct {
		status int
		code   string
	}
	all := func(status int, code string) []outcome {
		o := outcome{status, code}
		return []outcome{o, o, o, o, o}
	}
	allowed := []outcome{{200, ""}, {200, ""}, {200, ""}, {200, ""}, {204, ""}}
	byTheRules := []outcome{{200, ""}, {404, ""}, {400, ""}, {404, ""}, {404, ""}}

	f := func(name string, policies map[string]string, settings Settings, had, do string, header map[string]string, want []outcome) {
		t.Helper()
		w.use(policies, settings, had)
		for i, op := range []abi.Operation{list, view, create, update, remove} {
			r := w.record("notes", map[string]any{"title": "before", "count": 1})
			before := w.count("notes")
			q := ask{op: op, collection: "notes", query: "do=" + do, header: header}
			if op != list && op != create {
				q.id = r.Id
			}
			if op == create || op == update {
				q.body = map[string]any{"title": "after"}
			}
			a := w.ask(q)
			if a.status != want[i].status || a.code != want[i].code {
				t.Errorf("%s: %s gives %d %q: %s; want %v", name, op, a.status, a.code, a.body, want[i])
			}
			stored := w.stored("notes", r.Id)
			touched := stored == nil || stored.GetString("title") != "before" || w.count("notes") != before
			if wrote := op >= create && a.status < 300; touched != wrote {
				t.Errorf("%s: %s answered %d, and something was written: %t", name, op, a.status, touched)
			}
		}
	}

	f("no policy", nil, Settings{}, "", "", nil, allowed)
	f("no policy, rules refuse", nil, Settings{}, "", "", rulesRefuse, byTheRules)
	f("fallback deny", nil, deny, "", "", nil, all(403, "no_policy"))
	f("fallback deny, left to the rules by name", nil, denyBut, "", "", nil, allowed)
	f("fallback deny, left to the rules, which refuse", nil, denyBut, "", "", rulesRefuse, byTheRules)

	f("both allow", script, byRules(), "", "", nil, allowed)
	f("policy allows, rules refuse", script, byRules(), "", "", rulesRefuse, byTheRules)
	f("policy refuses, rules allow", script, byRules(), "", "list:refuse,view:refuse,create:refuse", nil,
		[]outcome{{403, "told_to"}, {403, "told_to"}, {403, "told_to"}, {404, ""}, {404, ""}})
	f("policy refuses writes alone", script, byRules(), "", "create:refuse,update:refuse,delete:teapot", nil,
		[]outcome{{200, ""}, {200, ""}, {403, "told_to"}, {403, "told_to"}, {418, "told_to"}})
	f("policy refuses what the rules hide", script, byRules(), "", "update:refuse,delete:refuse", rulesRefuse, byTheRules)
	f("policy hides", script, byRules(), "", "list:hide,view:hide,create:hide,update:hide,delete:hide", nil, all(404, ""))
	f("unhandled is left to the rules", map[string]string{"notes": "partial"}, byRules(), "", "", nil, allowed)
	f("unhandled is left to the rules, which refuse", map[string]string{"notes": "partial"}, byRules(), "", "", rulesRefuse, byTheRules)

	f("policy alone", script, alone("notes"), "", "", nil, allowed)
	f("policy alone, rules are not asked", script, alone("notes"), "", "", rulesRefuse, allowed)
	f("policy alone refuses", script, alone("notes"), "", "list:refuse,view:refuse,create:refuse", nil,
		[]outcome{{403, "told_to"}, {403, "told_to"}, {403, "told_to"}, {404, ""}, {404, ""}})
	f("policy alone, unhandled is refused", map[string]string{"notes": "partial"}, alone("notes"), "", "", nil,
		[]outcome{{403, "operation_not_handled"}, {403, "operation_not_handled"}, {200, ""}, {403, "operation_not_handled"}, {403, "operation_not_handled"}})
	f("policy alone without a policy", nil, alone("notes"), "", "", nil, all(403, "policy_missing"))
	f("policy alone, and only a default", map[string]string{"_default": "script"}, alone("notes"), "", "", nil, all(403, "policy_missing"))

	f("policy gone", nil, byRules(), "notes", "", nil, all(403, "policy_missing"))
	f("policy gone, fallback deny", nil, denyBut, "notes", "", nil, all(403, "policy_missing"))
	f("policy gone, and only a default", map[string]string{"_default": "script"}, byRules(), "notes", "", nil, all(403, "policy_missing"))
	f("policy did not load", map[string]string{"notes": ""}, byRules(), "", "", nil, all(403, "policy_not_loaded"))
	f("policy alone, did not load", map[string]string{"notes": ""}, alone("notes"), "", "", nil, all(403, "policy_not_loaded"))
	f("default did not load", map[string]string{"_default": ""}, byRules(), "", "", nil, all(403, "policy_not_loaded"))

	f("default covers", map[string]string{"_default": "script"}, byRules(), "", "create:refuse", nil,
		[]outcome{{200, ""}, {200, ""}, {403, "told_to"}, {200, ""}, {204, ""}})
	f("default gone", nil, byRules(), "_default", "", nil, all(403, "policy_missing"))
	f("default gone, own policy is there", script, byRules(), "_default", "", nil, allowed)
	f("own policy before the default", map[string]string{"_default": "", "notes": "script"}, byRules(), "", "", nil, allowed)

	for _, s := range []Settings{byRules(), alone("notes")} {
		f("policy traps", script, s, "", "list:trap,view:trap,create:trap", nil,
			[]outcome{{403, "policy_trapped"}, {403, "policy_trapped"}, {403, "policy_trapped"}, {404, ""}, {404, ""}})
		f("policy traps in writes", script, s, "", "update:trap,delete:trap", nil,
			[]outcome{{200, ""}, {200, ""}, {200, ""}, {403, "policy_trapped"}, {403, "policy_trapped"}})
		f("policy spins", script, s, "", "list:spin,create:spin,update:spin,delete:spin", nil,
			[]outcome{{403, "policy_out_of_fuel"}, {200, ""}, {403, "policy_out_of_fuel"}, {403, "policy_out_of_fuel"}, {403, "policy_out_of_fuel"}})
		f("policy hoards", script, s, "", "list:hoard,create:hoard,update:hoard,delete:hoard", nil,
			[]outcome{{403, "policy_out_of_memory"}, {200, ""}, {403, "policy_out_of_memory"}, {403, "policy_out_of_memory"}, {403, "policy_out_of_memory"}})
		f("policy has an undeclared effect", script, s, "", "undeclared", nil,
			[]outcome{{200, ""}, {200, ""}, {403, "policy_invalid"}, {403, "policy_invalid"}, {204, ""}})
		f("policy sets what cannot be stored", script, s, "", "set:count", nil,
			[]outcome{{200, ""}, {200, ""}, {200, ""}, {200, ""}, {204, ""}})
	}
}

// A policy that is gone or broken closes every way into its collection, by
// whatever name it is asked for.
func TestClosedByAnyName(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules(), "notes")
	notes, err := app.FindCollectionByNameOrId("notes")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"notes", "NoTeS", notes.Id} {
		w.ask(ask{op: list, collection: name}).is(http.StatusForbidden, "policy_missing")
	}
	for _, name := range []string{"_superusers", "_SuperUsers", "pbc_3142635823", "", "missing", "notes "} {
		a := w.ask(ask{op: list, collection: name}).is(http.StatusNotFound, "")
		if a.text("message") != "Missing collection context." {
			t.Errorf("%q: %s", name, a.body)
		}
	}
}

// Neither a policy nor _default is asked about system collections.
func TestSystemCollectionsAreLeftToTheRules(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"_default": "", "_authorigins": ""}, byRules(), "_authOrigins")
	w.ask(ask{op: list, collection: "_authOrigins"}).is(http.StatusOK, "")
	w.use(nil, Settings{DenyWithoutPolicy: true})
	w.ask(ask{op: list, collection: "_authOrigins"}).is(http.StatusForbidden, "no_policy")
}

// A collection that is handed over by its id is handed over.
func TestAuthorityByID(t *testing.T) {
	w := newWorld(t)
	notes := db.Schema().Find("notes")
	w.use(map[string]string{"notes": "partial"}, alone(notes.ID()))
	w.ask(ask{op: list, collection: "notes"}).is(http.StatusForbidden, "operation_not_handled")
	w.use(nil, Settings{DenyWithoutPolicy: true, ByRules: map[string]bool{notes.ID(): true}})
	w.ask(ask{op: list, collection: "notes"}).is(http.StatusOK, "")
}

func TestNotReadyBeforeTheFirstSnapshot(t *testing.T) {
	w := newWorld(t)
	g := New(db, w.sessions, w.log, w.counts)
	if g.Ready() {
		t.Fatal("ready without a snapshot")
	}
	_, err := g.Serve(t.Context(), &Request{Operation: list, Collection: "notes"})
	w.read(nil, err).is(http.StatusServiceUnavailable, "not_ready")
}
