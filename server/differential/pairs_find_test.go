package differential

import (
	"net/http"
	"testing"
	"time"
)

// What is compared loosely is held to what it may be.
func TestPairsFindDifferences(t *testing.T) {
	const a, b, c = "aaaaaaaaaaaaaa1", "bbbbbbbbbbbbbb2", "cccccccccccccc3"
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000Z")
	p := newPairs()
	f := func(want, got string, alike bool) {
		t.Helper()
		found := p.differences(answer{200, http.Header{}, want}, answer{200, http.Header{}, got})
		if (len(found) == 0) != alike {
			t.Errorf("%s and %s: %q", want, got, found)
		}
	}
	f(`{"x":1,"y":[true,null]}`, `{"y":[true,null],"x":1}`, true)
	f(`{"x":1}`, `{"x":1.0}`, false)
	f(`{"x":1}`, `{"x":"1"}`, false)
	f(`{"x":1}`, `{"x":1,"y":null}`, false)
	f(`[1,2]`, `[2,1]`, false)
	f(`plain`, `plain `, false)

	f(`{"id":"`+a+`"}`, `{"id":"`+b+`"}`, true)
	f(`{"title":"of `+a+`"}`, `{"title":"of `+b+`"}`, true)
	f(`{"id":"`+a+`"}`, `{"id":"`+c+`"}`, false) // it stands for another one
	f(`{"id":"`+c+`"}`, `{"id":"`+b+`"}`, false)
	f(`{"id":"`+userID+`"}`, `{"id":"`+c+`"}`, false) // nobody generated it
	f(`{"id":"`+c+`"}`, `{"id":"`+clientID+`"}`, false)

	f(`{"file":"one_0123456789.txt"}`, `{"file":"one_abcdefghij.txt"}`, true)
	f(`{"file":"two_0123456789.txt"}`, `{"file":"one_0123456789.txt"}`, false)
	f(`{"at":"`+now+`"}`, `{"at":"2099-01-01 00:00:00.000Z"}`, true)
	f(`{"at":"`+now+`"}`, `{"at":"2022-01-01 00:00:00.000Z"}`, false)
	f(`{"at":"2021-01-01 00:00:00.000Z"}`, `{"at":"2022-01-01 00:00:00.000Z"}`, false)
	f(`{"token":"`+data.expired+`"}`, `{"token":"`+data.reset+`"}`, false)

	if p.differences(answer{200, http.Header{"Vary": {"Origin"}}, ""}, answer{200, http.Header{}, ""}) == nil {
		t.Error("a header is missing, and nobody sees it")
	}
	if p.differences(answer{204, http.Header{}, ""}, answer{200, http.Header{}, ""}) == nil {
		t.Error("the status differs, and nobody sees it")
	}
}
