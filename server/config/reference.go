package config

import (
	"fmt"
	"strings"
)

// Reference is the text of the committed hapta.toml: every key with its default
// and its line of documentation.
func Reference() string {
	var b strings.Builder
	b.WriteString(head)
	section := ""
	for _, k := range keys(&Config{}) {
		if k.standard == nil {
			continue
		}
		if k.section != section {
			section = k.section
			fmt.Fprintf(&b, "\n[%s]\n", section)
		}
		fmt.Fprintf(&b, "# %s\n%s = %s\n", k.comment, k.name, literal(k.standard))
	}
	b.WriteString(tail)
	return b.String()
}

const head = `# Hapta's configuration. Every key is shown with its default, so this file
# changes nothing as it is. Each key can be overridden from the environment or
# from .env as HAPTA_<SECTION>_<KEY>, for example HAPTA_SERVER_PORT=8080; lists
# are written there with commas. Paths are relative to the working directory.
# Secrets stand in the environment or .env, never here.
`

const tail = `
# The operations are list, view, create, update and delete of records, auth,
# realtime, files, batch and passthrough, and each can have a section. What one
# leaves out is as in [ratelimits.default], and so is what has none; only auth,
# files and passthrough are as above then. In the environment it is, for example,
# HAPTA_RATELIMITS_LIST_LIMIT.
# [ratelimits.list]
# limit = 10
# every = 1000
# max_uses = 0

# A section for each collection that is not to be treated as usual. Its authority
# is "rules" (PocketBase's API rules decide, together with the policy if there is
# one) or "policy" (the policy alone decides, and Hapta acts as superuser for it).
# Its cache is "shared" (everyone who may be given the same answer shares it, as
# usual), "identity" (nobody is given what was read for another) or "off" (nothing
# is kept). Its cache_ttl takes the place of [cache] ttl.
# [collections.posts]
# authority = "policy"
# cache = "identity"
# cache_ttl = "10s"

# Limits of its own for list, view, create, update, delete, auth or files of one
# collection. What is left out is as for that operation elsewhere.
# [collections.posts.ratelimits.create]
# limit = 5
# every = "1m"
`

// literal writes a default as TOML source. Defaults are plain texts, whose Go
// and TOML notations agree.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = literal(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}
