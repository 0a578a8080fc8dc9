package main

// stored is the record that all updates are of, with nine fields.
var stored = []byte(`{"id":"u00000000000001","username":"ann","email":"ann@example.com","verified":true,` +
	`"bio":"Likes birds and long walks.","private":false,"followers":["u00000000000002","u00000000000003"],` +
	`"created":"2024-05-01 12:00:00.000Z","updated":"2024-06-01 08:30:00.000Z"}`)

const (
	ann = `{"id":"u00000000000001","collectionId":"c00000000000001","collectionName":"users"}`
	bob = `{"id":"u00000000000002","collectionId":"c00000000000001","collectionName":"users"}`

	// ordinary is the body that is measured; ann may write it.
	ordinary = `{"username":"ann_b","email":"ann.b@example.com","bio":"Likes birds.","private":true}`
)

// cases have to come out right of every engine before any is measured.
var cases = []struct {
	name, caller, body string
	want               answer
}{
	{"one's own", ann, ordinary, answer{}},
	{"one's own, no field", ann, `{}`, answer{}},
	{"another's", bob, ordinary, answer{ownershipRequired, notYours}},
	{"a guest's try", "", ordinary, answer{ownershipRequired, notYours}},
	{"another's, and a kept field", bob, `{"followers":[]}`, answer{ownershipRequired, notYours}},
	{"a kept field", ann, `{"bio":"","followers":[]}`, answer{fieldForbidden, "followers" + isKept}},
	{"a kept field, false", ann, `{"postr_plus":false}`, answer{fieldForbidden, "postr_plus" + isKept}},
	{"a kept field, null", ann, `{"postr_subscriber_since":null}`, answer{fieldForbidden, "postr_subscriber_since" + isKept}},
	{"a kept field, escaped", ann, `{"valid\u0056erified":true}`, answer{fieldForbidden, "validVerified" + isKept}},
	// Which one is named is the engine's own affair: here the first in the body is the rule's first.
	{"two kept fields", ann, `{"postr_plus":true,"followers":[]}`, answer{fieldForbidden, "postr_plus" + isKept}},
}
