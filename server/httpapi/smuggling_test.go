package httpapi

import (
	"strings"
	"testing"
)

// A request to make a note, up to what tells where its body ends.
const (
	making  = "POST " + notes + " HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\n"
	note    = `{"title":"x"}`
	made    = "POST " + notes + " " + note
	inChunk = "d\r\n" + note + "\r\n0\r\n\r\n"

	// What a client may try to have read as a request of its own.
	smuggled = "GET " + notes + "/smuggled HTTP/1.1\r\nHost: hapta\r\n\r\n"
)

// Where a body ends is told in one way only (RFC 9112, section 6).
func TestBodyLength(t *testing.T) {
	l := newTapped(t, nil)
	const refused = "400 bad_request, closed"
	f := func(headers, body, want string, reached ...string) {
		t.Helper()
		l.sends(strings.ReplaceAll(headers, "\r\n", "|"), making+headers+"\r\n\r\n"+body, want, reached...)
	}
	f("Content-Length: 13", note, "200, open", made)
	f("content-length: 13", note, "200, open", made)
	f("Content-Length:13", note, "200, open", made)
	f("Content-Length:\t 13 \t", note, "200, open", made)
	f("Content-Length: 0000013", note, "200, open", made)
	f("Transfer-Encoding: chunked", inChunk, "200, closed", made)
	f("transfer-encoding: Chunked", inChunk, "200, closed", made)
	f("Transfer-Encoding:chunked ", inChunk, "200, closed", made)

	// lengths that are none
	for _, length := range []string{
		"+13", "-13", "0x0d", "0xd", "1_3", "1 3", "13,", "13, 13", "13, 14", "13;", "13.0", "1.3e1", "d", "'13'", "", "\u0661\u0663", "13\x00", "13\v", "13\f",
		"18446744073709551629", "9223372036854775808", "99999999999999999999999999999999",
	} {
		f("Content-Length: "+length, note, refused)
	}
	// several
	f("Content-Length: 13\r\nContent-Length: 13", note, refused)
	f("Content-Length: 13\r\nContent-Length: 5", note, refused)
	f("Content-Length: 0\r\ncontent-length: 13", note, refused)
	f("Content-Length: 13\r\nTransfer-Encoding: chunked", note, refused)
	f("Transfer-Encoding: chunked\r\nContent-Length: 18", inChunk, refused)
	f("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n"+smuggled, refused)
	f("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"+smuggled, refused)
	f("Transfer-Encoding: chunked\r\nContent-Length: 0", inChunk, refused)
	f("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", inChunk, refused)
	f("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", inChunk, refused)
	f("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", inChunk, refused)

	// codings that are none, or not chunked alone
	for _, coding := range []string{
		"identity", "xchunked", "chunkedx", "chunked, identity", "identity, chunked", "chunked, chunked", "gzip, chunked", "chunked, gzip", "gzip", "x",
		"chunked;q=1", "chunked,", ", chunked", "\"chunked\"", "chunked\x00", "chunked\v", "\vchunked", "chun ked", "", "c\u212aunked", "CHUN\u212aED",
	} {
		f("Transfer-Encoding: "+coding, inChunk, refused)
		f("Content-Length: 13\r\nTransfer-Encoding: "+coding, note, refused)
	}
	// names that are nearly one
	for _, name := range []string{
		"Transfer-Encoding ", "Transfer-Encoding\t", "Transfer Encoding", " Transfer-Encoding", "\tTransfer-Encoding", "Transfer-Encoding\x00", "\x00Transfer-Encoding",
		"Transfer-Encoding\v", "Transfer\xc2\xadEncoding", "(Transfer-Encoding)", "Transfer-Encoding\r",
	} {
		f(name+": chunked\r\nContent-Length: 13", note, refused)
		f("Content-Length: 13\r\n"+name+": chunked", note, refused)
	}
	f("Content-Length : 13", note, refused)
	f("Content Length: 13", note, refused)
	f("Content-Length\t: 13", note, refused)

	// names that merely look like one mean nothing, here or further in
	f("Transfer_Encoding: chunked\r\nContent-Length: 13", note, "200, open", made)
	f("Content_Length: 5\r\nContent-Length: 13", note, "200, open", made)
	f("X-Content-Length: 5\r\nContent-Length: 13", note, "200, open", made)

	// none at all: there is no body, and what follows is a request
	f("X-None: x", "", "200, open", "POST "+notes)
	l.sends("a body nobody announced", making+"\r\n"+smuggled, "200, 404, open", "POST "+notes, "GET "+notes+"/smuggled")

	// a GET may have one, which is no request either
	announced := "Content-Type: text/plain\r\nContent-Length: " + itoa(len(smuggled)) + "\r\n\r\n" + smuggled
	l.sends("a body of a GET", "GET "+notes+" HTTP/1.1\r\nHost: hapta\r\n"+announced, "400, open", "GET "+notes+" "+strings.TrimSpace(smuggled))
	l.sends("a body of a DELETE", "DELETE "+notes+"/x HTTP/1.1\r\nHost: hapta\r\n"+announced, "400, open", "DELETE "+notes+"/x "+strings.TrimSpace(smuggled))
}
