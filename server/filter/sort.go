package filter

import "strings"

// SortFields lists the fields that a sort parameter names, without their
// direction and without PocketBase's @random and @rowid.
func SortFields(sort string) []string {
	var out []string
	for _, f := range strings.Split(sort, ",") {
		f = strings.TrimSpace(f)
		if f != "" && (f[0] == '-' || f[0] == '+') {
			f = f[1:]
		}
		if f == "" || f == "@random" || f == "@rowid" {
			continue
		}
		out = append(out, f)
	}
	return out
}
