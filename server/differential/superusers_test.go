package differential

import (
	"fmt"
	"testing"
)

// superusers are PocketBase's superuser routes, for a Hapta that exposes them.
func superusers() (out []request) {
	for _, path := range []string{
		"/api/collections", "/api/collections?filter=name~'demo'&sort=name&fields=id,name", "/api/collections/demo2", "/api/collections/sz5l5z67tg7gku0",
		"/api/collections/missing", "/api/collections/meta/scaffolds",
		"/api/collections/meta/oauth2-providers", "/api/settings", "/api/settings?fields=meta.appName", "/api/logs?perPage=0", "/api/logs/stats?filter=id=''",
		"/api/logs/missing", "/api/backups", "/api/backups/missing.zip", "/api/backups/missing.zip?token=x",
		"/api/crons", "/api/health", "/api/collections/_superusers/records", "/api/collections/_superusers/records/sywbhecnh46rhm0",
		"/api/collections/_superusers/auth-methods", "/api/collections/demo1/records?expand=rel_one,rel_many",
		"/api/collections/users/records?filter=tokenKey!=''", "/api/collections/users/records?sort=email", "/api/collections/_externalAuths/records", "/api/collections/_mfas/records",
	} {
		out = append(out, each([]caller{superuser, user, guest}, request{name: "superuser GET " + path, path: path})...)
	}
	for i, member := range []string{
		`"POST","url":"/api/collections/_superusers/records","body":{"email":"x@example.com"}`,
		`"PUT","url":"/api/collections/_SuperUsers/records","body":{"id":"sywbhecnh46rhm0","email":"none"}`,
		`"PATCH","url":"/api/collections/pbc_3142635823/records/sywbhecnh46rhm0","body":{"email":"none"}`,
		`"DELETE","url":"/api/collections/_superusers/records/missing"`,
	} {
		body := `{"requests":[` + created + `,{"method":` + member + `}]}`
		out = append(out, each([]caller{superuser, user, guest}, request{name: fmt.Sprintf("superuser batch %d", i), path: "/api/batch", body: body})...)
	}
	return append(out, each([]caller{superuser, user},
		request{name: "superuser makes a collection", path: "/api/collections", body: `{"name":"made","type":"base","fields":[{"name":"title","type":"text"}],"listRule":""}`},
		request{name: "superuser fails to make a collection", path: "/api/collections", body: `{"name":"made","type":"none"}`},
		request{name: "superuser changes a collection", method: "PATCH", path: "/api/collections/made", body: `{"viewRule":""}`},
		request{name: "superuser truncates", method: "DELETE", path: "/api/collections/made/truncate"},
		request{name: "superuser deletes a collection", method: "DELETE", path: "/api/collections/made"},
		request{name: "superuser imports", method: "PUT", path: "/api/collections/import", body: `{"collections":[],"deleteMissing":false}`},
		request{name: "superuser changes settings", method: "PATCH", path: "/api/settings", body: `{"meta":{"appName":"changed"}}`},
		request{name: "superuser breaks settings", method: "PATCH", path: "/api/settings", body: `{"meta":{"appName":""}}`},
		request{name: "superuser tests S3", path: "/api/settings/test/s3", body: `{}`},
		request{name: "superuser runs a missing cron", method: "POST", path: "/api/crons/missing"},
		request{name: "superuser impersonates", path: "/api/collections/users/impersonate/" + userID, body: `{"duration":100}`},
		request{name: "superuser creates where nobody may", path: "/api/collections/demo1/records", body: `{"text":"by a superuser"}`},
		request{name: "superuser changes a user", method: "PATCH", path: users + "/bgs820n361vj1qd", body: `{"verified":false,"email":"moved@example.com"}`},
		request{name: "superuser refreshes", method: "POST", path: "/api/collections/_superusers/auth-refresh"},
		request{name: "superuser gets a file token", method: "POST", path: "/api/files/token"},
	)...)
}

// Superusers have PocketBase's own tokens, on both sides.
func TestSuperusersAreTheSame(t *testing.T) {
	t.Parallel()
	const exposed = "HAPTA_SERVER_EXPOSE_SUPERUSER_API=true"
	th := newTheme(t, exposed)
	for _, s := range append(th.haptas, th.plain) {
		s.tokens[superuser] = s.signIn(t, "_superusers")
	}
	th.run(superusers())
}
