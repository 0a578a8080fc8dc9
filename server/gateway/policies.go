package gateway

import "strings"

// PolicyInfo tells an operator who decides about a collection.
type PolicyInfo struct {
	Collection string `json:"collection"`
	Policy     string `json:"policy,omitempty"`  // file stem; empty for none
	Version    string `json:"version,omitempty"` // of the module in force
	Authority  string `json:"authority"`         // rules or policy
	Closed     string `json:"closed,omitempty"`  // code, when nobody gets in
}

// Policies lists who decides about each collection, in PocketBase's order.
func (g *Gateway) Policies() []PolicyInfo {
	s := g.snapshot.Load()
	if s == nil {
		return nil
	}
	var out []PolicyInfo
	for _, c := range s.Schema.All() {
		a := s.access[c.Id]
		info := PolicyInfo{Collection: c.Name, Authority: "rules", Closed: string(a.closed)}
		if s.Settings.ByPolicy[strings.ToLower(c.Name)] || s.Settings.ByPolicy[strings.ToLower(c.Id)] {
			info.Authority = "policy"
		}
		if a.policy != nil {
			info.Policy, info.Version = a.policy.Name(), a.policy.Version()
		}
		out = append(out, info)
	}
	return out
}
