package pocketbase

import (
	"net/http"
	"strings"
)

// ClientAddressHeader carries the client's address to a remote PocketBase,
// whose trusted proxy header has to name it. An inbound copy never passes.
const ClientAddressHeader = "X-Forwarded-For"

// hopByHop are the headers that belong to one connection (RFC 9110, section
// 7.6.1), and those that Hapta sets itself.
var hopByHop = []string{
	"Authorization", "Connection", "Content-Length", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// addressHeaders are the headers by which proxies tell the client's address,
// as PocketBase folds names: letters and digits only, lower case. PocketBase
// may trust any of them, so that none may pass from a client.
var addressHeaders = map[string]bool{
	"xforwardedfor": true, "xrealip": true, "forwarded": true, "cfconnectingip": true,
	"flyclientip": true, "trueclientip": true, "xclientip": true, "fastlyclientip": true,
}

// outgoingHeader copies what may pass from the request's header and adds the
// token. The values are shared and must not be changed.
func outgoingHeader(r *Request) http.Header {
	out := make(http.Header, len(r.Header)+4)
	for name, values := range r.Header {
		if !addressHeaders[fold(name)] {
			out[name] = values
		}
	}
	for _, listed := range r.Header["Connection"] {
		for name := range strings.SplitSeq(listed, ",") {
			out.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		delete(out, name)
	}
	if r.Token != "" {
		out["Authorization"] = []string{r.Token}
	}
	return out
}

// fold drops what PocketBase drops from header names in its rules, where
// X_Real_IP and X-Real-IP are one.
func fold(name string) string {
	buffer := make([]byte, 0, 32)
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			buffer = append(buffer, c+'a'-'A')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			buffer = append(buffer, c)
		}
	}
	return string(buffer)
}
