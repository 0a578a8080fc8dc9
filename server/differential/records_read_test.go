package differential

import (
	"net/url"
	"strings"
)

// everyone is each kind of caller.
var everyone = []caller{guest, user, client, expired, garbage}

// listed and viewed are the queries that each collection is asked with.
var (
	listQueries = []string{
		"", "page=2&perPage=1", "perPage=1&skipTotal=1", "skipTotal=true", "page=0&perPage=0", "page=-1&perPage=-5",
		"page=99999999999999999999", "perPage=100000", "page=x&perPage=y", "sort=-created", "sort=@random&fields=collectionName", "sort=-id,created",
		"sort=missing", "sort=%2Bid", "sort=@rowid", "fields=id", "fields=id,collectionName&sort=id", "fields=missing", "fields=*,expand.*",
		"page=1&page=2&perPage=1&perPage=2", "unknown=parameter", "PERPAGE=1", "perPage=1&fields=items.id", "skipTotal=1&fields=totalItems",
		filter("id != ''"), filter("id = 'missing'"), filter("created > '2022-10-12'"), filter("created > @now"), filter("(id"), filter("id"),
		filter("missing = 1"), filter("@request.auth.id != ''"), filter("@collection.users.id != ''"), filter("id ~ '%'"), filter("id:length > 1"),
		filter("// a comment\nid != ''"), filter(`id != "\\"`), filter(`id != '\''`), filter(`id = 'a\\'`), filter("id ?= 'x' || id != 'y'"),
	}
	viewQueries = []string{
		"", "fields=id,created", "fields=*,missing", "expand=missing", "expand=missing.deeper,,", "page=2",
		"fields=id&fields=created", "filter=id='x'", "fields=", "expand=", "fields=" + url.QueryEscape("id,*:excerpt(5,true)"),
	}
)

func filter(text string) string { return "filter=" + url.QueryEscape(text) }

// collections are asked for a list, and for the record named.
var collections = map[string]string{
	"users": userID, "demo1": "84nmscqy84lsi1t", "demo2": "llvuca81nly1qls", "demo3": "7nwo8tuiatetxdm",
	"demo4": "qzaqccwrmva4o1n", "demo5": "qjeql998mtp1azp", "view1": "84nmscqy84lsi1t", "view2": "84nmscqy84lsi1t",
	"numeric_id_view": "1", "nologin": "phhq3wr65cap535", "clients": clientID, "members": "member000000001",
	"_externalAuths": "clmflokuq1xl341", "_mfas": "missing", "_otps": "missing", "_authOrigins": "9r2j0m74260ur8i", "missing": "missing",
}

func recordsRead() (out []request) {
	for name, id := range sorted(collections) {
		at := "/api/collections/" + name + "/records"
		out = append(out, each(everyone,
			request{name: "list " + name, path: at},
			request{name: "view " + name, path: at + "/" + id})...)
		out = append(out, request{name: "view a missing one of " + name, path: at + "/missing"})
	}
	for _, q := range listQueries {
		out = append(out, request{name: "list demo2 ?" + q, path: "/api/collections/demo2/records?" + q})
	}
	for _, q := range listQueries[:len(listQueries)/2] {
		out = append(out, request{name: "list demo3 ?" + q, as: client, path: "/api/collections/demo3/records?" + q})
	}
	for _, q := range viewQueries {
		out = append(out, request{name: "view users ?" + q, as: user, path: "/api/collections/users/records/" + userID + "?" + q})
	}
	out = append(out, expansions()...)
	return append(out, namings()...)
}

func expansions() (out []request) {
	for _, q := range []string{
		"expand=self_rel_one", "expand=self_rel_many,rel_one_cascade", "expand=self_rel_one.self_rel_one.self_rel_one",
		"expand=self_rel_one.self_rel_many.self_rel_one.self_rel_many.self_rel_one.self_rel_many.self_rel_one",
		"expand=demo5_via_rel_one", "expand=demo5_via_rel_many.rel_one", "expand=demo4_via_self_rel_one&fields=id,expand.*.title",
		"expand=demo4_via_self_rel_many.rel_one_no_cascade", "expand=DEMO5_via_rel_one", "expand=demo5_via_missing", "expand=title",
		"expand=rel_one_no_cascade&fields=*,expand.rel_one_no_cascade.title", "expand=self_rel_one&expand=self_rel_many",
		"expand= self_rel_one , self_rel_many ", "fields=title:excerpt(2),id", "fields=title:excerpt(2,true)", "fields=title:missing(2)",
		"fields=json_object.a", "fields=json_array", "sort=self_rel_one.title", "sort=-demo5_via_rel_one.total",
		filter("self_rel_one.title = 'test2'"), filter("self_rel_many.title ?= 'test1'"), filter("demo5_via_rel_one.total >= 0"),
		filter("rel_one_cascade.title ~ 'test'"), filter("json_object.a = 123"), filter("json_object.a.b = 'test'"), filter("json_array:length = 3"),
		filter("rel_many_cascade:each != ''"), filter("demo5_via_missing.id != ''"), filter("geoDistance(1, 2, 3, 4) > 5"), filter("title:lower = 'TEST1'"),
		filter("rel_one_no_cascade_required.demo4_via_rel_one_no_cascade_required.title ?~ 'test'"), filter("title:each = 'x'"), filter("title:missing = 'x'"),
	} {
		path := "/api/collections/demo4/records"
		q = escapeSpaces(q)
		out = append(out, each([]caller{guest, client}, request{name: "list demo4 ?" + q, path: path + "?" + q})...)
		if strings.HasPrefix(q, "expand") {
			out = append(out, each([]caller{guest, client}, request{name: "view demo4 ?" + q, path: path + "/qzaqccwrmva4o1n?" + q})...)
		}
	}
	for _, q := range []string{"expand=rel_many,rel_one", "expand=rel_many.rel,rel_one.rel_many", filter("rel_many.email ?~ 'test'"), filter("email ~ 'test'"), "sort=email"} {
		out = append(out, each([]caller{guest, user},
			request{name: "list view1 ?" + q, path: "/api/collections/view1/records?" + q},
			request{name: "list view2 ?" + q, path: "/api/collections/view2/records?" + q},
			request{name: "list nologin ?" + q, path: "/api/collections/nologin/records?" + q})...)
	}
	return out
}

func escapeSpaces(q string) string { return strings.ReplaceAll(q, " ", "%20") }

// namings are the ways to say which collection.
func namings() (out []request) {
	for _, name := range []string{"demo2", "DEMO2", "Demo2", "sz5l5z67tg7gku0", "SZ5L5Z67TG7GKU0", "%64emo2", "demo2%20", "_pb_users_auth_", "Users", "d%C3%A9mo2", "demo2.", "*", "@collection"} {
		at := "/api/collections/" + name + "/records"
		out = append(out,
			request{name: "list by the name " + name, path: at}, request{name: "view by the name " + name, path: at + "/llvuca81nly1qls"},
			request{name: "auth-methods by the name " + name, path: "/api/collections/" + name + "/auth-methods"})
	}
	for _, id := range []string{"LLVUCA81NLY1QLS", "llvuca81nly1qls%20", "%6clvuca81nly1qls", "x'or'1'='1", "%22", "a.b", "%E2%82%AC", "-", "llvuca81nly1qls,achvryl401bhse3"} {
		out = append(out, request{name: "view by the id " + id, path: "/api/collections/demo2/records/" + id})
	}
	return out
}
