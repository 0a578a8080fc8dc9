package httpapi

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A path means to PocketBase what it means to Hapta, however it is spelled, or
// it is refused. Each is sent to Hapta before PocketBase in both ways, and to
// PocketBase itself.
func TestSpellings(t *testing.T) {
	embedded, remote := newFace(t, nil), newTapped(t, nil)
	direct := servePocketBase(t, nil)
	const records = "/api/collections/tasks/records"
	f := func(path, want string) {
		t.Helper()
		got, again := embedded.reading(path), remote.reading(path)
		if got != again {
			t.Errorf("%q is read %q before an embedded PocketBase and %q before a remote one", path, got, again)
		}
		if want != "" && got != "200 "+want || want == "" && got != "400" && got != "404" && got != "431" {
			t.Errorf("%q is read %q; want %q", path, got, want)
		}
		if own := (&face{T: t, addr: direct}).reading(path); want != "" && own != got {
			t.Errorf("%q is read %q, and by PocketBase itself %q", path, got, own)
		}
	}
	for _, name := range []string{
		"tasks", "TASKS", "Tasks", "tAsKs", "%74asks", "%54ASKS", "ta%73ks", "%74%61%73%6b%73", "%74%61%73%6B%73",
		"ta\u017fk\u017f", "ta%C5%BFks", "ta%c5%bfks", "tas\u212as", "tas%E2%84%AAs", "TA\u017f\u212aS", db.Schema().Find("tasks").Id,
	} {
		f("/api/collections/"+name+"/records", "tasks")
		f("/api/collections/"+name+"/records/"+taskID, "tasks/"+taskID)
		f("/api/files/"+name+"/"+taskID+"/a%20b_1.txt", "tasks/"+taskID)
	}
	f(records+"/%61bcdefghij12345", "tasks/"+taskID)
	f(records+"/abcdefghij1234%35", "tasks/"+taskID)
	f(records+"?x=/../../settings", "tasks")
	f(records+"/"+taskID+"?/../x", "tasks/"+taskID)
	f(records+"?/api/settings", "tasks")
	f("http://hapta"+records, "tasks")

	for _, name := range []string{
		"", ".", "..", "%2e", "%2E%2e", "tasks.", "tasks%20", "%20tasks", "tasks%09", "tasks%00", "tasks%0a", "tasks%0d%0a", "tasks%7f", "\u00a0tasks", "tasks%C2%A0", "tasks\u200b",
		"tasks%2f", "tasks%2F", "%2ftasks", "tasks%2frecords", "tasks%5c", "tasks\\", "\\tasks", "tasks%2f..%2fnotes", "notes/../tasks", "notes%2f..%2ftasks", "./tasks", "tasks/.", "tasks/..",
		"tasks;", "tasks;x=y", ";tasks", "tasks%3b", "tasks%3Bx", "tasks%3f", "tasks%3F", "tasks%23", "tasks#", "tasks%25", "%2574asks", "tasks%2500", "%252e%252e", "tasks%252f",
		"%c0%aftasks", "tasks%c0%80", "ta%c1%b3ks", "%e0%81%b4asks", "tasks%ff", "tasks\xff", "%74ask\xf3", "ta\u0455ks", "tasks\u0301", "\uff54asks", "ta\u00dfks", "tass", "tasks*", "tasks'",
		"tasks\"", "tasks'--", "tasks%27%20or%20id%21%3d%27", "ta_ks", "ta%25ks", "ta%5fks", "{collection}", "%7bcollection%7d", ":collection", "%", "%7", "%zz", "%u0074asks", "&#116;asks",
		"+tasks", "tasks+", "tasks,notes", "tasks|", "tasks&", "tasks=", "tasks@", "user:tasks", "//tasks", "/tasks", "tasks/", "TASKS/..//tasks", strings.ToUpper(db.Schema().Find("tasks").Id), strings.Repeat("a", 5000), strings.Repeat("%74", 10000),
	} {
		f("/api/collections/"+name+"/records", "")
		f("/api/collections/"+name+"/records/"+taskID, "")
	}
	for _, id := range []string{
		"", "/", ".", "..", "%2e%2e", "../" + taskID, "./" + taskID, "%2e/" + taskID, "/" + taskID, "%2f" + taskID, "\\" + taskID, taskID + "/", taskID + "//", taskID + "%2f", taskID + "/x", taskID + "/..",
		taskID + "%20", "%20" + taskID, taskID + "%00", taskID + "%0a", taskID + ";", taskID + ";x", taskID + "%3b", taskID + "%3fx", taskID + "%23", taskID + "#", taskID + ".", taskID + ".json", taskID + "%2ejson", taskID + "*",
		"ABCDEFGHIJ12345", "abcdefghij1234", taskID + "6", "%25" + taskID, "%2561bcdefghij12345", "'" + taskID, taskID + "'--", "a%25", "_______________", "%", "*", "%2a", "abcdefghij1234\u0665", "abcdefgh\u0131j12345", taskID + "\u200b", taskID + "%c0%80",
		strings.Repeat("a", 5000),
	} {
		f(records+"/"+id, "")
		f("/api/files/tasks/"+id+"/a%20b_1.txt", "")
	}
	for _, path := range []string{
		"//api/collections/tasks/records", "/api//collections/tasks/records", "/api/collections//tasks/records", "/./api/collections/tasks/records", "/x/../api/collections/tasks/records",
		"/API/collections/tasks/records", "/api/Collections/tasks/records", "/api/collections/tasks/Records", "/api/collections/tasks/RECORDS", "/%61pi/collections/tasks/records",
		"/api/%63ollections/tasks/records", "/api/collections/tasks/%72ecords", "/api/collections/tasks/record\u017f", "/api%2fcollections/tasks/records", "/api/collections%2ftasks/records",
		"/api/collections/tasks%2frecords", "\\api\\collections\\tasks\\records", "/api/collections/tasks/records;", "/api/collections/tasks/records%00", "/api/collections/tasks/records%20",
		"/api/collections/tasks/records.", "/api/collections/tasks/records/", "/;/api/collections/tasks/records", "/api/;x/collections/tasks/records", "/api/collections/tasks;/records", "/_/../api/collections/tasks/records",
		"/api/files/tasks/" + taskID + "/a b_1.txt", "/api/files/tasks/" + taskID + "/a+b_1.txt", "/api/files/tasks/" + taskID + "/a%2520b_1.txt", "/api/files/tasks/" + taskID + "/A%20B_1.txt",
		"/api/files/tasks/" + taskID + "/..%2fa%20b_1.txt", "/api/files/tasks/" + taskID + "/a%20b_1.txt/", "/api/files/tasks/" + taskID + "/a%20b_1.txt%00", "/api/files/tasks/" + taskID + "/../" + taskID + "/a%20b_1.txt",
	} {
		f(path, "")
	}
}

// reading asks for a path as it stands, and tells the status and what PocketBase
// took it for.
func (f *face) reading(path string) string {
	f.Helper()
	var status int
	all := arrivedAt(func() {
		c, err := net.Dial("tcp", f.addr)
		if err != nil {
			f.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n"); err != nil {
			f.Fatal(err)
		}
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			f.Fatalf("%q: %v", path, err)
		}
		_ = r.Body.Close()
		status = r.StatusCode
	})
	out := []string{fmt.Sprint(status)}
	for _, a := range all {
		out = append(out, strings.TrimSuffix(a.collection+"/"+a.record, "/"))
	}
	return strings.Join(slices.Compact(out), " ")
}
