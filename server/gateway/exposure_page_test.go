package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// How many records a policy drops from a list, and where they stand, is told by no
// page: by none's length, by none's offset, and not by where the list ends.
func TestDroppedRecordsAreNotTold(t *testing.T) {
	s := secret{guests: true, isReadable: rowsOfLetters, plant: plantDropped, ways: pageWays()}
	var secrets []secret
	for _, places := range [][2]string{{"", "1500"}, {"1500", "2500"}, {"500", "5500"}, {"", "500 1500 1501 2500 3500 4500 5500 5501 5502"}} {
		s.name, s.one, s.two = fmt.Sprintf("dropped at %q or %q", places[0], places[1]), places[0], places[1]
		secrets = append(secrets, s)
	}
	sieve := map[string]string{"letters": "sieve"}
	tryAll(t, []setting{{"by rules", sieve, byRules()}, {"by policy", sieve, alone("letters")}}, secrets)
}

// plantDropped has letters in the rows from 1000 to 5000, and drafts, which the
// sieve drops whosever they are, in others between and around them.
func plantDropped(w *world, rows string) {
	w.Helper()
	insert := func(row, draft string) {
		if _, err := app.DB().NewQuery(fmt.Sprintf("INSERT INTO letters (_rowid_, id, title, draft, owner) VALUES (%s, 'row%012s', 'letter', %s, '%s')", row, row, draft, other)).Execute(); err != nil {
			w.Fatal(err)
		}
	}
	if _, err := app.DB().NewQuery("DELETE FROM letters").Execute(); err != nil {
		w.Fatal(err)
	}
	for row := 1; row <= 5; row++ {
		insert(fmt.Sprint(row*1000), "FALSE")
	}
	for _, row := range strings.Fields(rows) {
		insert(row, "TRUE")
	}
}

func rowsOfLetters(w *world) string {
	var rows string
	if err := app.DB().NewQuery("SELECT group_concat(_rowid_) FROM letters").Row(&rows); err != nil {
		w.Fatal(err)
	}
	return rows
}

// pageWays ask for pages of letters.
func pageWays() (ways []way) {
	add := func(format string, args ...any) {
		ways = append(ways, way{ask: ask{op: list, collection: "letters", query: fmt.Sprintf(format, args...)}})
	}
	for perPage := 1; perPage <= 6; perPage++ {
		for page := 1; page <= 6; page++ {
			add("perPage=%d&page=%d", perPage, page)
		}
		add("perPage=%d&sort=-@rowid&skipTotal=1", perPage)
		add("perPage=%d&page=2&sort=-@rowid&fields=id,totalItems,page", perPage)
		add("perPage=%d&page=2&expand=owner,owner.letters_via_owner", perPage)
	}
	for _, q := range []string{"", "skipTotal=0", "perPage=1000", "perPage=1001&page=2", "perPage=-1&page=-1", "page=0", "page=99", "page=1000000", "page=9223372036854775807",
		"perPage=9223372036854775807&page=2", "page=1&page=2", "perPage=x", "page=1.5", "page=%201", "sort=@random", "sort=,@rowid", "sort=-@rowid,@rowid&perPage=1",
		"sort=title&perPage=1", "filter=draft%3Dtrue", "filter=%20", "expand=owner&perPage=2", "fields=%22&perPage=1"} {
		add("%s", q)
	}
	return ways
}
