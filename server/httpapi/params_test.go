package httpapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// twice are parameters that are given more than once, or nearly so.
var twice = []string{
	"filter=title='a'&filter=title='b'", "filter=&filter=title='b'", "filter=title='a'&Filter=title='b'", "FILTER=title='b'", "filter%5B%5D=title='b'", "filter[]=title='b'",
	"%66ilter=title='a'&filter=title='b'", "filter=title='a'&filter%00=title='b'", "filter=title%3D'a'%26filter%3Dtitle%3D'b'", "+filter=title='b'", "filter+=title='b'",
	"filter=title='a'%26%26title='a'", "filter=title=%27a%27%23", "filter=title='a'%00",
	"sort=title&sort=-title", "sort=-title&sort=title", "sort=&sort=-title", "sort=title,-title", "SORT=-title", "sort[]=-title",
	"page=1&page=2&perPage=1", "page=2&page=1&perPage=1", "perPage=1&perPage=2", "perPage=2&perPage=1", "perpage=1", "page=2&Page=1&perPage=1", "page=+1&perPage=1", "page=0x2&perPage=1",
	"page=-1&perPage=-1", "page=99999999999999999999&perPage=1", "skipTotal=1&skipTotal=0", "skipTotal=0&skipTotal=1", "fields=title&fields=id", "fields=id&fields=title", "fields=&fields=title",
	"expand=peer&expand=", "expand=&expand=peer", "expand=peer,peer", "fields=title&filter=title='a'&sort=-title", "a=1&a=2&filter=title='a'",
}

// unreadable are queries of which a part is left out.
var unreadable = []string{"filter=title='a';filter=title='b'", "filter=title='a';x", "a;b", "filter=%", "filter=%zz", "%=x", "filter=title='a'&%gg"}

// Without policies, Hapta's answer to them is PocketBase's own.
func TestParametersGivenTwice(t *testing.T) {
	titled(t, "a", "b")
	direct := &face{T: t, addr: servePocketBase(t, nil)}
	beforeEach(t, nil, func(f *face) {
		for _, query := range slices.Concat(twice, unreadable) {
			own, got := direct.ask("GET", notes+"?"+query, ""), f.ask("GET", notes+"?"+query, "")
			if got.status != own.status || strings.TrimSpace(got.body) != strings.TrimSpace(own.body) {
				f.Errorf("%q: %d %s; PocketBase itself: %d %s", query, got.status, got.body, own.status, own.body)
			}
		}
	})
}

// Before a policy, PocketBase is asked for what was checked, and for nothing else.
func TestParametersThatWereChecked(t *testing.T) {
	titled(t, "a", "b")
	beforeEach(t, nil, func(f *face) {
		for _, alone := range []bool{true, false} {
			f.usePolicy(alone)
			for _, query := range slices.Concat(twice, unreadable) {
				var a answer
				for _, r := range arrivedAt(func() { a = f.ask("GET", notes+"?"+query, "") }) {
					for _, name := range []string{"filter", "sort", "expand", "fields"} {
						if len(r.query[name]) > 1 && (name != "sort" || slices.Contains(r.query[name], "bio")) {
							f.Errorf("%q: PocketBase is asked for %q", query, r.query)
						}
					}
				}
				if a.status != 200 && a.status != 400 {
					f.Errorf("%q: %d %s", query, a.status, a.body)
				}
			}
			// bio may be masked, so that nobody filters or sorts by it
			for query, code := range map[string]string{
				"filter=bio='x'": "field_masked", "filter=bio='x'&filter=title='a'": "field_masked", "%66ilter=bio='x'": "field_masked", "filter=%62io='x'": "field_masked",
				"sort=bio": "field_masked", "sort=title&sort=bio": "field_masked", "sort=bio&sort=title": "field_masked", "sort=title,-bio": "field_masked", "sort=title&sort=%2Bbio": "field_masked",
			} {
				if all := arrivedAt(func() { f.ask("GET", notes+"?"+query, "").is(400, code) }); len(all) > 0 {
					f.Errorf("%q reached PocketBase", query)
				}
			}
			for _, query := range []string{
				"filter=title='a'&filter=bio='x'", "filter=title='a'&Filter=bio='x'", "filter=title='a'&filter%00=bio='x'", "filter=title='a'&filter[]=bio='x'", "filter=title='a'&FILTER=bio='x'",
			} {
				for _, r := range arrivedAt(func() { f.ask("GET", notes+"?"+query, "").is(200, "") }) {
					if r.query.Has("filter") && strings.Contains(strings.Join(r.query["filter"], ""), "bio") {
						f.Errorf("%q: PocketBase is asked for %q", query, r.query)
					}
				}
			}
		}
	})
}

// titled leaves notes of these titles and no other.
func titled(t *testing.T, titles ...string) {
	t.Helper()
	c, err := app.FindCollectionByNameOrId("notes")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.TruncateCollection(c); err != nil {
		t.Fatal(err)
	}
	for _, title := range titles {
		r := core.NewRecord(c)
		r.Set("title", title)
		if err := app.Save(r); err != nil {
			t.Fatal(err)
		}
	}
}
