package pocketbase

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

const kitchenSink = `{"name":"kitchen","type":"base","fields":[
	{"name":"title","type":"text"},
	{"name":"pin","type":"text","autogeneratePattern":"[a-z]{8}"},
	{"name":"body","type":"editor"},
	{"name":"site","type":"url"},
	{"name":"mail","type":"email"},
	{"name":"count","type":"number"},
	{"name":"flag","type":"bool"},
	{"name":"due","type":"date"},
	{"name":"one","type":"select","values":["a","b","c","1","true","[a]"],"maxSelect":1},
	{"name":"many","type":"select","values":["a","b","c","1","true","[a]"],"maxSelect":6},
	{"name":"meta","type":"json"},
	{"name":"place","type":"geoPoint"},
	{"name":"secret","type":"text","hidden":true},
	{"name":"doc","type":"file","maxSelect":1},
	{"name":"docs","type":"file","maxSelect":9},
	{"name":"made","type":"autodate","onCreate":true}
]}`

type kitchen struct {
	*testing.T
	db      *Database
	friends []string // ids to relate to
}

func newKitchen(t *testing.T) *kitchen {
	k := &kitchen{T: t, db: openEmbedded(t, nil)}
	k.send("PATCH", "/api/settings", `{"logs":{"maxDays":0}}`) // thousands of requests follow
	k.send("POST", "/api/collections", kitchenSink)
	k.send("POST", "/api/collections", `{"name":"friends","type":"base","fields":[]}`)
	for range 3 {
		k.friends = append(k.friends, k.id(k.send("POST", "/api/collections/friends/records", `{}`)))
	}
	friends := k.db.Schema().Find("friends").Id
	fields, err := json.Marshal(append(k.collection().Fields[:len(k.collection().Fields):len(k.collection().Fields)],
		&core.RelationField{Name: "rel", CollectionId: friends, MaxSelect: 1},
		&core.RelationField{Name: "rels", CollectionId: friends, MaxSelect: 9}))
	if err != nil {
		t.Fatal(err)
	}
	k.send("PATCH", "/api/collections/kitchen", `{"fields":`+string(fields)+`}`)
	return k
}

func (k *kitchen) collection() *Collection { return k.db.Schema().Find("kitchen") }

func (k *kitchen) send(method, path, body string) *Response {
	k.Helper()
	r := asSuperuser(k.T, k.db, method, path, body)
	if r.Status != 200 {
		k.Fatalf("%s %s %s: %d %s", method, path, body, r.Status, r.Body)
	}
	return r
}

func (k *kitchen) id(r *Response) string {
	k.Helper()
	var record struct{ ID string }
	if err := json.Unmarshal(r.Body, &record); err != nil {
		k.Fatal(err)
	}
	return record.ID
}

// stored sends a body and returns the record as it is then read, or nil when
// PocketBase refuses the body.
func (k *kitchen) stored(method, id string, body any) map[string]any {
	k.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		k.Fatal(err)
	}
	path := "/api/collections/kitchen/records"
	if id != "" {
		path += "/" + id
	}
	r := asSuperuser(k.T, k.db, method, path, string(raw))
	if r.Status == 400 {
		return nil
	}
	if r.Status != 200 {
		k.Fatalf("%s: %d %s", raw, r.Status, r.Body)
	}
	// Read from the database: an answer to a write shows what was sent.
	found, err := k.db.backend.(*embedded).app.FindRecordById("kitchen", k.id(r))
	if err != nil {
		k.Fatal(err)
	}
	shown, err := json.Marshal(found.Unhide("secret"))
	if err != nil {
		k.Fatal(err)
	}
	var record map[string]any
	if err := json.Unmarshal(shown, &record); err != nil {
		k.Fatal(err)
	}
	return record
}

// agrees holds what Resolve says of a body against what PocketBase stores for
// the body, and for the body that Resolve makes of it.
func (k *kitchen) agrees(base map[string]any, body string) {
	k.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(body), &decoded); err != nil {
		k.Fatal(err)
	}
	method, first, second := "POST", "", ""
	var record *core.Record
	if base != nil {
		method = "PATCH"
		raw, err := json.Marshal(k.stored("POST", "", base))
		if err != nil {
			k.Fatal(err)
		}
		if record, err = k.collection().RecordFromJSON(raw); err != nil {
			k.Fatal(err)
		}
		first = record.Id
		second, _ = k.stored("POST", "", base)["id"].(string)
	}
	resolved, _, err := k.collection().Resolve(record, decoded)
	original := k.stored(method, first, decoded)
	if err != nil {
		if original != nil {
			k.Errorf("%s: PocketBase stores it, Resolve does not: %v", body, err)
		}
		return
	}
	again := map[string]any{}
	for _, f := range resolved {
		again[f.Name] = f.Body()
	}
	rewritten := k.stored(method, second, again)
	if (original == nil) != (rewritten == nil) {
		k.Errorf("%s: PocketBase stores %v for it and %v for %s", body, original, rewritten, again)
	}
	if original == nil {
		return
	}
	for _, f := range resolved {
		want, _ := json.Marshal(original[f.Name])
		var value any
		if err := json.Unmarshal(f.Value, &value); err != nil {
			k.Errorf("%s: %v", body, err)
		}
		got, _ := json.Marshal(value)
		twice, _ := json.Marshal(rewritten[f.Name])
		if f.Modifier != ModifierAutogenerate && string(got) != string(want) {
			k.Errorf("%s: %s resolves to %s, PocketBase stores %s", body, f.Name, got, want)
		}
		if string(twice) != string(got) {
			k.Errorf("%s: %s resolves to %s, sent again PocketBase stores %s", body, f.Name, got, twice)
		}
	}
}

func TestResolveIsWhatPocketBaseStores(t *testing.T) {
	k := newKitchen(t)
	// Every field is given every value: what a client sends need not fit.
	values := []string{
		`null`, `""`, `"a"`, `"b"`, `" a "`, `"1"`, `"12.50"`, `"1e3"`, `"NaN"`, `"-Infinity"`, `"0x10"`, `"true"`, `"false"`, `"null"`,
		`0`, `1`, `-2.5`, `1e21`, `12345678901234567890`, `true`, `false`,
		`[]`, `["a"]`, `["a","b","a",""]`, `["c",1,true,null]`, `[["a"]]`, `[{"a":1}]`,
		`{}`, `{"lon":12.5,"lat":"x"}`, `{"lon":12.5,"lat":-7}`, `{"a":{"b":[1,2,{"c":null}]}}`,
		`"[\"a\",\"b\"]"`, `"[a]"`, `"[1,2]"`, `"{\"lon\":1,\"lat\":2}"`, `"{\"a\":1}"`, `"{broken"`, `"{\"a\":1,\"a\":2}"`, `"12345678901234567890"`, `" [1]"`, `"\"quoted\""`, `"\"true\""`, `"\"[1]\""`,
		`"https://example.com/?a=b&c=<d>"`, `"someone@example.com"`, `"<p>Hi <b>there</b></p>"`, `"ünï \u2028 \u0007 🙂"`,
		`"2024-02-29 12:30:45.123Z"`, `"2024-02-29T12:30:45+02:00"`, `"2024-02-29"`, `"2024-02-29 12:30"`, `"29/02/2024"`,
		`"Thu, 29 Feb 2024 12:30:45 GMT"`, `"2024-02-29 12:30:45.123456789Z"`, `1709209845`, `"1709209845"`, `"0001-01-01 00:00:00.000Z"`,
		`"missing00000000"`, `"photo.png"`, `["photo.png","other.png"]`,
	}
	for _, id := range k.friends {
		values = append(values, fmt.Sprintf(`%q`, id), fmt.Sprintf(`[%q]`, id), fmt.Sprintf(`[%q,%q,%q]`, k.friends[0], id, k.friends[0]))
	}
	for _, field := range k.collection().Fields {
		if name := field.GetName(); name != "id" {
			for _, value := range values {
				k.agrees(nil, fmt.Sprintf(`{%q:%s}`, name, value))
			}
		}
	}
}

func TestResolveAppliesModifiers(t *testing.T) {
	k := newKitchen(t)
	base := map[string]any{
		"title": "before", "count": 10, "many": []string{"a", "b"}, "one": "a", "meta": map[string]any{"a": 1},
		"rel": k.friends[0], "rels": k.friends[:2], "due": "2024-01-01 00:00:00.000Z", "made": "2001-01-01", "secret": "s",
	}
	f := func(body string) {
		t.Helper()
		k.agrees(base, body)
		k.agrees(nil, body)
	}
	f(`{"count+":5}`)
	f(`{"count-":"2.5"}`)
	f(`{"+count":5}`) // no modifier of numbers
	f(`{"count+":null}`)
	f(`{"count+":1e308}`)
	f(`{"many+":"c"}`)
	f(`{"many+":["c","a"]}`)
	f(`{"+many":["c","b"]}`)
	f(`{"many-":"a"}`)
	f(`{"many-":["a","b","zzz"]}`)
	f(`{"many+":["nothing of the kind"]}`)
	f(`{"one+":"b"}`)
	f(`{"+one":"b"}`)
	f(`{"one-":"a"}`)
	f(fmt.Sprintf(`{"rels+":%q}`, k.friends[2]))
	f(fmt.Sprintf(`{"+rels":%q}`, k.friends[2]))
	f(fmt.Sprintf(`{"rels-":%q}`, k.friends[0]))
	f(fmt.Sprintf(`{"rel+":%q}`, k.friends[2]))
	f(`{"rel-":"nobody"}`)
	f(`{"title+":"x"}`) // texts have no such modifier
	f(`{"pin:autogenerate":"x"}`)
	f(`{"title:autogenerate":"x"}`)
	f(`{"meta+":1}`)
	f(`{"made":"2020-01-01"}`)
	f(`{"title":"after","count-":1,"+many":"c","meta":{"b":2},"secret":"t"}`)

	// Several for one field: PocketBase takes the plain key first, and modifiers
	// in any order, which here makes no difference.
	f(`{"count":5,"count+":2}`)
	f(`{"count+":5,"count-":2}`)
	f(`{"count":1,"count+":5,"count-":2}`)
	f(`{"many+":"c","many-":"a"}`)
	f(`{"+many":"c","many-":["b","a"]}`)
	f(`{"+many":"c","many+":"1"}`)
	f(`{"many":["c"],"+many":"a","many+":"b","many-":"c"}`)
	f(`{"many":["a","b"],"many-":"a"}`)
	f(`{"one+":"b","one-":"a"}`)
	f(fmt.Sprintf(`{"rels-":%q,"rels+":%q}`, k.friends[0], k.friends[2]))
}

func TestResolveFiles(t *testing.T) {
	d := openEmbedded(t, nil)
	asSuperuser(t, d, "POST", "/api/collections", kitchenSink)
	c := d.Schema().Find("kitchen")
	stored, err := c.RecordFromJSON([]byte(`{"id":"kitchen00000000","doc":"x.png","docs":["a.png","b.png","c.png"]}`))
	if err != nil {
		t.Fatal(err)
	}
	f := func(body map[string]any, name, want string) {
		t.Helper()
		fields, _, err := c.Resolve(stored, body)
		if err != nil || len(fields) != 1 || fields[0].Name != name || string(fields[0].Value) != want {
			t.Errorf("%v: got %v, %v, want %s", body, fields, err, want)
		}
	}
	f(map[string]any{"docs-": "b.png"}, "docs", `["a.png","c.png"]`)
	f(map[string]any{"docs-": []any{"b.png", "a.png"}}, "docs", `["c.png"]`)
	f(map[string]any{"docs": []any{"c.png", "a.png"}}, "docs", `["c.png","a.png"]`)
	f(map[string]any{"docs": nil}, "docs", `[]`)
	f(map[string]any{"doc": ""}, "doc", `""`)
	f(map[string]any{"doc-": "x.png"}, "doc", `""`)
	f(map[string]any{"doc": []any{"x.png", "y.png"}}, "doc", `"y.png"`)
}

func TestResolveOrdersAndSorts(t *testing.T) {
	d := openEmbedded(t, nil)
	users := d.Schema().Find("users")
	fields, extras, err := users.Resolve(nil, map[string]any{
		"name": "Ada", "passwordConfirm": "12345678", "password": "12345678", "email": "ada@example.com",
		"expand": "x", "id": "", "tokenKey": "", "nothing": true, "created": "2020-01-01",
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if want := []string{"password", "email", "name"}; !slices.Equal(names, want) {
		t.Errorf("fields %v, want %v", names, want)
	}
	if string(fields[0].Value) != `"12345678"` {
		t.Errorf("the password is not plain: %s", fields[0].Value)
	}
	if got, want := slices.Sorted(maps.Keys(extras)), []string{"expand", "nothing", "passwordConfirm"}; !slices.Equal(got, want) {
		t.Errorf("extras %v, want %v", got, want)
	}
}

func TestResolveRefuses(t *testing.T) {
	d := openEmbedded(t, nil)
	asSuperuser(t, d, "POST", "/api/collections", kitchenSink)
	c := d.Schema().Find("kitchen")
	f := func(body, field, reason string) {
		t.Helper()
		var decoded map[string]any
		if err := json.Unmarshal([]byte(body), &decoded); err != nil {
			t.Fatal(err)
		}
		_, _, err := c.Resolve(nil, decoded)
		var refused *FieldError
		if !errors.As(err, &refused) || refused.Field != field || !strings.Contains(refused.Reason, reason) {
			t.Errorf("%s: got %v, want %s %s", body, err, field, reason)
		}
	}
	f(`{"many+":"a","many-":"a"}`, "many", "is changed by many+ and many- in one request, and which comes first decides")
	f(`{"many":["a"],"+many":"b","many+":"c","many-":["b","c"]}`, "many", "is changed by +many and many+ and many-")
	f(`{"count":"NaN"}`, "count", "cannot store")
	f(`{"one":"[\"[\\\"[\\\\\\\"a\\\\\\\"]\\\"]\"]"}`, "one", "reads in two ways")
}

func TestRecordFromJSONCountsAsStored(t *testing.T) {
	k := newKitchen(t)
	want := k.stored("POST", "", map[string]any{
		"title": "t", "meta": "\"true\"", "due": "2024-01-01", "many": []string{"b", "a"}, "place": map[string]any{"lon": 1, "lat": 2}, "count": 7,
	})
	raw, _ := json.Marshal(want)
	record, err := k.collection().RecordFromJSON(raw)
	if err != nil {
		t.Fatal(err)
	}
	if record.IsNew() {
		t.Error("it counts as new")
	}
	for _, field := range k.collection().Fields {
		var value any
		shown, _ := json.Marshal(record.Get(field.GetName()))
		_ = json.Unmarshal(shown, &value)
		shown, _ = json.Marshal(value)
		expected, _ := json.Marshal(want[field.GetName()])
		if string(shown) != string(expected) {
			t.Errorf("%s: got %s, want %s", field.GetName(), shown, expected)
		}
	}
	if _, err := k.collection().RecordFromJSON([]byte(`{"title":"x"}`)); err == nil {
		t.Error("a record without an id was read")
	}
}
