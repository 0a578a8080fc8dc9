package app

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/httpapi"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
)

// findings are what an operator should know about how schema, policies and
// configuration fit together, one sentence each. check and the log say them.
func findings(schema *pocketbase.Schema, set *watch.Set, hadPolicy func(collectionID string) bool, c *config.Config) []string {
	var out []string
	if _, ok := set.Entries[watch.Default]; !ok && hadPolicy(watch.Default) {
		out = append(out, fmt.Sprintf("collections without a policy of their own are closed, for %s.wasm is gone; put the file back, or run: %s", watch.Default, removal(c, watch.Default)))
	}
	for _, collection := range schema.All() {
		stem := strings.ToLower(collection.Name)
		if _, ok := set.Entries[stem]; !ok && !collection.IsSystem() && hadPolicy(collection.Id) {
			out = append(out, fmt.Sprintf("%s is closed, for it had a policy and %s.wasm is gone; put the file back, or run: %s", collection.Name, stem, removal(c, collection.Name)))
		}
	}
	for stem, entry := range set.Entries {
		if stem == watch.Default {
			continue
		}
		out = append(out, aboutPolicy(schema.Find(stem), stem, entry, c)...)
	}
	for _, view := range schema.All() {
		out = append(out, aboutView(view, schema, set, c)...)
	}
	for name, section := range c.Collections {
		collection := schema.Find(name)
		switch {
		case collection == nil:
			out = append(out, fmt.Sprintf("[collections.%s] names no collection; correct the name or remove the section", name))
		case collection.IsSystem():
			out = append(out, fmt.Sprintf("[collections.%s] names a system collection, about which PocketBase alone decides; remove the section", name))
		case section.Authority == config.Policy:
			out = append(out, aboutAuthority(collection, set)...)
		}
	}
	for _, prefix := range c.Upstream.Passthrough {
		if httpapi.Reserved(prefix) {
			out = append(out, fmt.Sprintf("[upstream] passthrough names %s, which is PocketBase's or Hapta's own and is never passed through; remove it", prefix))
		}
	}
	slices.Sort(out)
	return out
}

// removal is the command that takes a policy away.
func removal(c *config.Config, name string) string {
	command := "hapta-server policy remove " + name
	if c.Demo {
		command += " --demo"
	}
	return command
}

func aboutPolicy(c *pocketbase.Collection, stem string, entry watch.Entry, conf *config.Config) []string {
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
	if locked := lockedRules(c, m.Operations); len(locked) > 0 && conf.Collections[stem].Authority != config.Policy {
		out = append(out, fmt.Sprintf(`PocketBase's own rules for %s of %s are null (superusers only), and the policy %s.wasm can only narrow them: change the rules in PocketBase, or let the policy alone decide with authority = "policy" in [collections.%s]`, strings.Join(locked, ", "), c.Name, stem, stem))
	}
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

// aboutView warns of a view that shows what a policy judges elsewhere: a view is a
// collection of its own, with rules of its own.
func aboutView(view *pocketbase.Collection, schema *pocketbase.Schema, set *watch.Set, c *config.Config) []string {
	_, own := set.Entries[strings.ToLower(view.Name)]
	_, fallen := set.Entries[watch.Default]
	if !view.IsView() || own || fallen || c.Policies.Fallback == config.Deny || view.ListRule == nil && view.ViewRule == nil {
		return nil
	}
	var out []string
	for _, source := range schema.All() {
		if _, judged := set.Entries[strings.ToLower(source.Name)]; judged && mentions(view.ViewQuery, source.Name) {
			out = append(out, fmt.Sprintf("the view %s reads %s, which a policy decides, and has no policy of its own: what its own rules let through is not judged; give it a policy, or set its rules to null (superusers only)", view.Name, source.Name))
		}
	}
	return out
}

// mentions tells whether a query has a name in it, as a word of its own.
func mentions(query, name string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(query, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), func(word string) bool { return strings.EqualFold(word, name) })
}

func aboutAuthority(c *pocketbase.Collection, set *watch.Set) []string {
	var out []string
	if _, ok := set.Entries[strings.ToLower(c.Name)]; !ok {
		out = append(out, fmt.Sprintf(`%s has authority = "policy" and no policy, so it is closed; add %s.wasm, or remove the line`, c.Name, strings.ToLower(c.Name)))
	}
	var open []string
	for o, rule := range rules(c) {
		if rule != nil && !(c.IsAuth() && o == abi.OperationUpdate) { // credential writes go by the update rule
			open = append(open, o.String())
		}
	}
	if slices.Sort(open); len(open) > 0 {
		out = append(out, fmt.Sprintf(`%s has authority = "policy", but PocketBase's own rules for %s are not null: whoever reaches PocketBase directly goes by those; set them to null (superusers only)`, c.Name, strings.Join(open, ", ")))
	}
	return out
}

func rules(c *pocketbase.Collection) map[abi.Operation]*string {
	return map[abi.Operation]*string{
		abi.OperationList: c.ListRule, abi.OperationView: c.ViewRule, abi.OperationCreate: c.CreateRule,
		abi.OperationUpdate: c.UpdateRule, abi.OperationDelete: c.DeleteRule,
	}
}

// lockedRules names the operations that a policy handles and PocketBase's
// rules leave to superusers.
func lockedRules(c *pocketbase.Collection, handled []abi.Operation) []string {
	var out []string
	for _, o := range handled {
		if rules(c)[o] == nil {
			out = append(out, o.String())
		}
	}
	return out
}
