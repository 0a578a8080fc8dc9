package sharing

import (
	"strings"
	"testing"
)

func TestTablesOf(t *testing.T) {
	f := func(query, want string) {
		t.Helper()
		tables, ok := tablesOf(query)
		if got := strings.Join(tables, " "); !ok || got != want {
			t.Errorf("%s reads %q (%t); want %q", query, got, ok, want)
		}
	}
	f(`SELECT id, title FROM posts`, "posts")
	f(` select p.id, (count(c.id)) as n from "posts" p left outer join [comments] AS c on c.post = p.id and c.body in ('a', 'b') group by p.id, p.n; `, "posts comments")
	f("SELECT a.id FROM `a`, b x, (c JOIN d USING (id, n)), (SELECT id, n FROM e WHERE n > 1) s ORDER BY a.n, b.n", "a b c d e")
	f(`SELECT id FROM a UNION ALL SELECT id FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.id IN (SELECT x FROM d, e LIMIT 1))`, "a b c d e")
	f(`SELECT (ROW_NUMBER() OVER(PARTITION BY x ORDER BY y, z)) as id, CAST(max(a) AS TEXT) FROM t`, "t")
	f(`SELECT p.id, je.value FROM posts p, json_each(p.tags) je, q`, "posts q")
	f("SELECT id, 'FROM x' -- FROM y\n FROM /* z, */ posts", "posts")
	f(`SELECT '('  as "(", "from" FROM posts WHERE "current_timestamp" = 1.5`, "posts")

	refused := func(query string) {
		t.Helper()
		if tables, ok := tablesOf(query); ok {
			t.Errorf("%s is understood to read %q", query, tables)
		}
	}
	for _, call := range []string{"datetime('now')", "random()", `"random"()`, "RANDOM ()", "strftime('%s')", "date(created)", "julianday()", "current_timestamp", "CURRENT_DATE", "last_insert_rowid()", "unheard(1)"} {
		refused(`SELECT id, ` + call + ` x FROM posts`)
		refused(`SELECT id FROM posts WHERE a < (1 + ` + call + `)`)
	}
	refused(`WITH x AS (SELECT id FROM posts) SELECT id FROM x`)
	refused(`SELECT id FROM main.posts`)
	refused(`SELECT id FROM 'posts'`)
	refused(`SELECT id FROM posts WHERE id IN others`)
	refused(`SELECT id FROM posts WHERE id NOT IN main.others`)
	refused(`SELECT id FROM pragma_table_info('posts')`)
	refused(`SELECT id FROM posts, "pragma_table_info"('posts')`)
	refused(`SELECT id FROM {{posts}}`)
	refused(`SELECT [[id]] FROM posts`)
	refused(`SELECT id FROM posts; SELECT id FROM others`)
	refused(`SELECT id FROM (posts`)
	refused(`SELECT id FROM posts)`)
	refused(`SELECT id FROM posts,`)
	refused(`SELECT 'it''s' FROM posts`)
	refused(`SELECT id FROM "po""sts"`)
	refused("SELECT 'id FROM posts")
	refused("SELECT /* id FROM posts")
	refused("SELECT id\u00a0FROM posts")
}
