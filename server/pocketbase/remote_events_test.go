package pocketbase

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestEvents(t *testing.T) {
	const name = "event:pbc_1/*?options=x\n"
	f := func(text string, want ...Change) {
		t.Helper()
		events := newEventReader(strings.NewReader(text))
		for {
			e, err := events.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got, ok := e.change()
			switch {
			case ok && len(want) == 0:
				t.Errorf("%.60q: %v is one too many", text, got)
			case ok && got != want[0]:
				t.Errorf("%.60q: %v; want %v", text, got, want[0])
			}
			if ok && len(want) > 0 {
				want = want[1:]
			}
		}
		if len(want) > 0 {
			t.Errorf("%.60q: %v did not come", text, want)
		}
	}
	one, gap := Change{CollectionID: "c", RecordID: "r"}, Change{Gap: true}
	const data = `data:{"record":{"collectionId":"c","id":"r"},"action":"update"}` + "\n"
	f("id:x\n"+name+data+"\n", one)
	f(": comment\r\n\r\nid: x\r\n"+strings.ReplaceAll(name+data, "\n", "\r\n")+"\r\n", one)
	f(name+"data:{\"record\":{\"collectionId\":\"c\",\ndata: \"id\":\"r\"}}\n\n", one)
	f("event:PB_CONNECT\ndata:{}\n\n" + "event:the_app_s_own\n" + data + "\n")
	f(data+"\n"+name+data+"\n", one) // the first has no name
	f(name + data)                   // broken off
	f(name+"data:{}\n\n", gap)
	f(name+"data:no JSON\n\n", gap)
	f(name+`data:{"record":{"id":"r"}}`+"\n\n", gap)

	long := `data:{"record":{"text":"` + strings.Repeat("x", 10*maxEvent) + `","collectionId":"c","id":"r"}}` + "\n"
	f(name+long+"\n"+name+data+"\n", gap, one)
	f(name+strings.Repeat("data:"+strings.Repeat("x", 1000)+"\n", 100)+"\n"+name+data+"\n", gap, one)
	f(":"+strings.Repeat("x", 10*maxEvent)+"\n"+name+data+"\n", one)
}
