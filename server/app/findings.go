package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
)

// findings are what an operator should know about how schema, policies and
// configuration fit together, one sentence each. check and the log say them.
func findings(schema *pocketbase.Schema, set *watch.Set, c *config.Config) []string {
	var out []string
	for stem, entry := range set.Entries {
		if stem == "_default" {
			continue
		}
		out = append(out, aboutPolicy(schema.Find(stem), stem, entry, schema)...)
	}
	for name, section := range c.Collections {
		collection := schema.Find(name)
		switch {
		case collection == nil:
			out = append(out, fmt.Sprintf("[collections.%s] names no collection; correct the name or remove the section", name))
		case section.Authority == config.Policy:
			out = append(out, aboutAuthority(collection, set)...)
		}
	}
	slices.Sort(out)
	return out
}

func aboutPolicy(c *pocketbase.Collection, stem string, entry watch.Entry, schema *pocketbase.Schema) []string {
	switch {
	case c == nil || !strings.EqualFold(c.Name, stem):
		return []string{fmt.Sprintf("the policy %s.wasm is named after no collection, so it decides nothing; rename it after one, or remove it", stem)}
	case c.IsSystem():
		return []string{fmt.Sprintf("the policy %s.wasm is named after a system collection, which policies never decide about; remove it", stem)}
	case entry.Policy == nil:
		return nil
	}
	var out []string
	m := entry.Policy.Manifest()
	for _, field := range slices.Concat(m.Writes, m.Masks, m.AlwaysMasked, m.Public) {
		if c.Field(field) == nil {
			out = append(out, fmt.Sprintf("the policy %s.wasm names the field %q, which %s does not have; correct the policy or add the field", stem, field, c.Name))
		}
	}
	for _, name := range m.Relations {
		if _, ok := c.RelationField(name); !ok {
			out = append(out, fmt.Sprintf("the policy %s.wasm needs the relation %q, which %s does not have: what it judges is refused; correct the policy or add the field", stem, name, c.Name))
		}
	}
	return out
}

func aboutAuthority(c *pocketbase.Collection, set *watch.Set) []string {
	var out []string
	if _, ok := set.Entries[strings.ToLower(c.Name)]; !ok {
		out = append(out, fmt.Sprintf(`%s has authority = "policy" and no policy, so it is closed; add %s.wasm, or remove the line`, c.Name, strings.ToLower(c.Name)))
	}
	open := []string{}
	for name, rule := range map[string]*string{
		"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule,
	} {
		if rule != nil && !(c.IsAuth() && name == "update") { // credential writes go by the update rule
			open = append(open, name)
		}
	}
	if slices.Sort(open); len(open) > 0 {
		out = append(out, fmt.Sprintf(`%s has authority = "policy", but PocketBase's own rules for %s are not null: whoever reaches PocketBase directly goes by those; set them to null (superusers only)`, c.Name, strings.Join(open, ", ")))
	}
	return out
}
