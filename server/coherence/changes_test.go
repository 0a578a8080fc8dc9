package coherence

import (
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

// upset changes something other than a record: who is who, rules, fields, policies or
// settings.
func (w *world) upset(d dice) {
	v := pick(d, w.viewers...)
	switch d.IntN(10) {
	case 0:
		w.signOut(v)
	case 1, 2:
		w.signIn(v)
	case 3:
		w.changePassword(v)
	case 4:
		w.become(v, pick(d, "moderator", ""))
	case 5, 6:
		w.anyRule(d)
	case 7:
		w.anyField(d)
	case 8:
		w.anyPolicy(d)
	case 9:
		w.anySetting(d)
	}
	if v.collection != "" && d.oneIn(2) && !exists(v.collection, v.id) {
		_ = store(v.collection, v.id, values(d, v.collection, true)) // it may be taken for its address
		v.password = password
		w.signIn(v)
	}
}

// become gives a viewer another role, behind the gateway's back.
func (w *world) become(v *viewer, role string) {
	if v.collection == "users" {
		_ = store(v.collection, v.id, map[string]any{"role": role, "n": ledger.last.Add(1)}) // who is gone has none
	}
}

func (w *world) save(name string, change func(*core.Collection)) {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		w.Fatal(err)
	}
	change(c)
	if err := app.Save(c); err != nil {
		w.Fatal(err)
	}
}

func (w *world) anyRule(d dice) {
	name := d.name(rules)
	w.save(name, func(c *core.Collection) {
		any := pick(d, rules[name], rules[name], rule(""), rule(`@request.auth.id != ""`), rule(`@request.auth.role = "moderator"`),
			rule(`@collection.teams.open ?= true`), rule(`@request.headers.x_key = "no"`), nil)
		c.ListRule, c.ViewRule = any, pick(d, any, rules[name])
	})
}

func (w *world) anyField(d dice) {
	if d.oneIn(2) {
		w.save("titles", func(c *core.Collection) { c.ViewQuery = pick(d, viewQueries...) })
		return
	}
	w.save("posts", func(c *core.Collection) { c.Fields.GetByName("secret").SetHidden(d.oneIn(2)) })
}

func (w *world) anyPolicy(d dice) {
	w.use(func(policies map[string]string, s *gateway.Settings) {
		policies["letters"] = pick(d, "letters", "sieve", "open")
		policies["boxes"] = pick(d, "drops", "open")
		if _, judged := policies["posts"]; judged {
			delete(policies, "posts")
		} else {
			policies["posts"] = "open"
		}
		s.ByPolicy = map[string]bool{"letters": true, "posts": policies["posts"] != "" && d.oneIn(2), "boxes": d.oneIn(2)}
	})
}

func (w *world) anySetting(d dice) {
	w.use(func(_ map[string]string, s *gateway.Settings) {
		s.CollectionCache = map[string]cache.Collection{d.name(rules): {Mode: pick(d, cache.Shared, cache.Identity, cache.Off)}}
	})
}

// restore undoes what upset did to what all tests share.
func (w *world) restore() {
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		w.save(name, func(c *core.Collection) { c.ListRule, c.ViewRule = rules[name], rules[name] })
	}
	w.save("titles", func(c *core.Collection) { c.ViewQuery = viewQueries[0] })
	w.save("posts", func(c *core.Collection) { c.Fields.GetByName("secret").SetHidden(true) })
}
