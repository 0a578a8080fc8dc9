package sharing

import (
	"math/rand/v2"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// generator writes rules, filters, sorts and expansions by chance, with all kinds
// of identifiers that PocketBase knows.
type generator struct{ *rand.Rand }

func pick[T any](g generator, of ...T) T { return of[g.IntN(len(of))] }

func (g generator) collection() *pocketbase.Collection {
	return db.Schema().Find(pick(g, "teams", "people", "members", "posts", "comments", "titles", "words"))
}

// relation is one that leads away from a collection, if there is any.
func (g generator) relation(c *pocketbase.Collection) (name string, target *pocketbase.Collection) {
	var names []string
	for _, other := range db.Schema().All() {
		for _, field := range other.Fields {
			relation, ok := field.(*core.RelationField)
			if ok && other.Id == c.Id {
				names = append(names, field.GetName())
			}
			if ok && relation.CollectionId == c.Id && !other.System {
				names = append(names, other.Name+"_via_"+field.GetName())
			}
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	name = pick(g, names...)
	relation, err := c.Relation(db.Schema(), name)
	if err != nil {
		panic(err)
	}
	return name, relation.Target
}

// path is one to a field; hidden ones only as far as a client may name them.
func (g generator) path(c *pocketbase.Collection, client bool) string {
	path := ""
	for range g.IntN(4) - 1 {
		name, target := g.relation(c)
		if target == nil {
			break
		}
		path, c = path+name+".", target
	}
	field := c.Fields[g.IntN(len(c.Fields))]
	name := field.GetName()
	switch {
	case field.GetHidden() && (client || name != "role"):
		return path + "id"
	case field.Type() == core.FieldTypeJSON:
		return path + name + pick(g, "", ".a", ".b.0")
	case field.Type() == core.FieldTypeGeoPoint:
		return path + name + pick(g, ".lon", ".lat")
	case field.Type() == core.FieldTypeSelect:
		return path + name + pick(g, "", ":length", ":each")
	}
	return path + name + pick(g, "", "", "", ":lower")
}

// special is an identifier with an @, which only rules may name.
func (g generator) special() string {
	switch n := g.IntN(20); {
	case n < 9:
		from := db.Schema().Find(pick(g, "people", "members"))
		return "@request.auth." + pick(g, "id", "id", "collectionName", "name", "name", "name", "verified", "verified", "email", g.path(from, false), g.path(from, false), g.path(from, false))
	case n < 14:
		c := g.collection()
		return "@collection." + pick(g, c.Name, c.Id, c.Name+":other") + "." + g.path(c, false)
	case n < 19:
		return pick(g, "@request.headers.x_key", "@request.query.key", "@request.body.title", "@request.body.title:isset", "@request.method", "@request.context")
	}
	return pick(g, "@now", "@todayStart", "@year", "@yesterday")
}

func (g generator) literal() string {
	return pick(g, `'a'`, `'a'`, `"b"`, `""`, `'@request.headers.x'`, "0", "1", "-1.5", "true", "false", "null", `"people"`, `"2020"`)
}

func (g generator) condition(c *pocketbase.Collection, client bool) string {
	left := g.path(c, client)
	switch n := g.IntN(10); {
	case n < 5 && !client:
		left = g.special()
	case n == 9:
		left = pick(g, "strftime('%Y', "+g.path(c, client)+")", "geoDistance("+g.path(c, client)+", 1, 0, 1)", "strftime('%Y', published)")
	}
	right := pick(g, g.literal(), g.literal(), g.path(c, client))
	op := pick(g, "=", "=", "!=", "!=", "?=", "?=", "?!=", "?!=", ">", "<=", "~", "?~", "?<", "!~")
	return left + " " + op + " " + right
}

func (g generator) filter(c *pocketbase.Collection, client bool) string {
	var b strings.Builder
	b.WriteString(g.condition(c, client))
	for range pick(g, 0, 0, 0, 1, 2) {
		b.WriteString(pick(g, " && ", " || ", " // @now\n || "))
		if g.IntN(4) == 0 {
			b.WriteString("(" + g.filter(c, client) + ")")
		} else {
			b.WriteString(g.condition(c, client))
		}
	}
	return b.String()
}

func (g generator) expand(c *pocketbase.Collection) string {
	var names []string
	for range 1 + g.IntN(3) {
		name, target := g.relation(c)
		if target == nil {
			break
		}
		names, c = append(names, name), target
	}
	return strings.Join(names, ".")
}
