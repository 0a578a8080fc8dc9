package config

import "time"

// RateLimit is how often one caller may do one operation.
type RateLimit struct {
	Limit   int           // in Every; 0: any number
	Every   time.Duration // at least a microsecond for each of Limit
	MaxUses int64         // in the life of one session; 0: any number
}

// operation is what is limited by itself, with the values it has of its own;
// for nil it takes those of "default".
type operation struct {
	name                  string
	ofCollection          bool   // may be limited for one collection
	comment               string // of limit, where it has one of its own
	limit, every, maxUses any
}

var operations = []operation{
	{"default", false, "Most requests of one caller within every, each operation counted for itself; 0: any number.", int64(100), "10s", int64(0)},
	{name: "list", ofCollection: true},
	{name: "view", ofCollection: true},
	{name: "create", ofCollection: true},
	{name: "update", ofCollection: true},
	{name: "delete", ofCollection: true},
	{"auth", true, "Most sign-ins, refreshes, password resets and the like; 0: any number.", int64(120), "1m", nil},
	{name: "realtime"},
	{"files", true, "Most downloads of files; 0: any number.", int64(1000), "10s", nil},
	{name: "batch"},
	{"passthrough", false, "Most requests to the app's own routes; 0: any number.", int64(400), "10s", nil},
}

// rateLimitKeys are the keys of all operations. They only prove their values;
// rateLimits puts those together.
func rateLimitKeys() []key {
	var all []key
	for _, o := range operations {
		all = append(all, limitKeys("ratelimits."+o.name, o, &RateLimit{})...)
	}
	return all
}

// limitKeys are the keys of one section of rate limits.
func limitKeys(section string, o operation, r *RateLimit) []key {
	return []key{
		{section, "limit", o.limit,
			o.comment,
			whole(&r.Limit, 0, 1_000_000)},
		{section, "every", o.every,
			"The time that limit is for: milliseconds, or a duration in quotes.",
			period(&r.Every)},
		{section, "max_uses", o.maxUses,
			"Most in the whole life of one session; 0: any number.",
			whole(&r.MaxUses, 0, 1<<40)},
	}
}

// rateLimits puts every operation's limits together, and those of collections.
func (l *loader) rateLimits() {
	c := l.config
	c.RateLimits = map[string]RateLimit{}
	for _, o := range operations {
		c.RateLimits[o.name] = l.rateLimit("ratelimits."+o.name, c.RateLimits["default"])
	}
	for name, collection := range c.Collections {
		for _, o := range operations {
			section := "collections." + name + ".ratelimits." + o.name
			if _, there := l.places[section]; there {
				if collection.RateLimits == nil {
					collection.RateLimits = map[string]RateLimit{}
				}
				collection.RateLimits[o.name] = l.rateLimit(section, c.RateLimits[o.name])
			}
		}
		c.Collections[name] = collection
	}
}

// rateLimit is what a section says, and for what it leaves out what another does.
func (l *loader) rateLimit(section string, r RateLimit) RateLimit {
	for _, k := range limitKeys(section, operation{}, &r) {
		k.store(l.values[k.path()]) // which leaves r alone where there is no value
	}
	l.checkRate(section, r)
	return r
}

// checkRate refuses what is finer than a microsecond, in which limits are counted.
func (l *loader) checkRate(section string, r RateLimit) {
	if int64(r.Limit) <= r.Every.Microseconds() {
		return
	}
	for _, name := range []string{".limit", ".every"} {
		if at, ok := l.places[section+name]; ok {
			l.report(at.problem("lower limit or raise every", "expected at most one per microsecond, found %d in %s", r.Limit, r.Every))
			return
		}
	}
}
