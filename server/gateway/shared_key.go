package gateway

import (
	"encoding/binary"
	"net/url"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/server/sharing"
)

// appendKey adds all that an answer hangs on, each part behind its length. Of one
// schema, for what is shared is read from its rules.
func appendKey(dst []byte, snap *Snapshot, reach sharing.Reach, caller *Caller, r *reading) []byte {
	digest := snap.Schema.Digest()
	dst = append(append(dst, keyOfShared), digest[:]...)
	dst = append(dst, byte(reach), 0)
	if r.asSuperuser {
		dst[len(dst)-1] = 1
	}
	dst = appendCaller(dst, caller)
	dst = appendPart(appendPart(dst, r.collection), r.record)
	return appendQuery(dst, r.query, isDefault)
}

// Keys of both kinds stand in one cache.
const (
	keyOfShared byte = iota
	keyOfRecalled
)

func appendCaller(dst []byte, caller *Caller) []byte {
	if caller == nil {
		return appendPart(appendPart(dst, ""), "")
	}
	return appendPart(appendPart(dst, caller.CollectionID), caller.RecordID)
}

func appendPart(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendQuery adds parameters in an order of their own, without those that are left
// out. Those that PocketBase does not know may be known to an app's hooks.
func appendQuery(dst []byte, query url.Values, leftOut func(name string, values []string) bool) []byte {
	var room [8]string
	names := room[:0]
	for name, values := range query {
		if len(values) > 0 && !leftOut(name, values) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		dst = appendPart(dst, name)
		dst = binary.AppendUvarint(dst, uint64(len(query[name])))
		for _, value := range query[name] {
			dst = appendPart(dst, value)
		}
	}
	return dst
}

// isDefault tells of a parameter that asks for what PocketBase answers without it
// (tools/search/provider.go).
func isDefault(name string, values []string) bool {
	if len(values) != 1 {
		return false
	}
	switch value := values[0]; name {
	case search.FilterQueryParam, search.SortQueryParam, expandParam, fieldsParam:
		return value == ""
	case search.PageQueryParam:
		return value == "" || value == "1"
	case search.PerPageQueryParam:
		return value == "" || value == strconv.Itoa(search.DefaultPerPage)
	case search.SkipTotalQueryParam:
		return value == "" || value == "0" || value == "false"
	}
	return false
}

const (
	expandParam = "expand"
	fieldsParam = "fields"
)

// isAmbiguous tells whether a parameter that chooses what is read is given more than
// once: PocketBase heeds one of them.
func isAmbiguous(query url.Values) bool {
	for _, name := range []string{search.FilterQueryParam, search.SortQueryParam, expandParam} {
		if len(query[name]) > 1 {
			return true
		}
	}
	return false
}
