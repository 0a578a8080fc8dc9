package config

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRateLimits(t *testing.T) {
	f := func(file string, environ []string, operation string, want RateLimit) {
		t.Helper()
		c, err := load(t, file, "", Options{Environ: environ})
		if err != nil {
			t.Errorf("%q %q: %v", file, environ, err)
			return
		}
		if got := c.RateLimits[operation]; got != want {
			t.Errorf("%q %q: %s is %v, want %v", file, environ, operation, got, want)
		}
	}
	const original = "[ratelimits.list]\nlimit = 10\nevery = 1000\nmax_uses = 0\n"
	f(original, nil, "list", RateLimit{10, time.Second, 0})
	f(original, nil, "view", RateLimit{100, 10 * time.Second, 0})

	const changed = "[ratelimits.default]\nlimit = 7\nevery = '3s'\nmax_uses = 9\n"
	f(changed, nil, "default", RateLimit{7, 3 * time.Second, 9})
	f(changed, nil, "batch", RateLimit{7, 3 * time.Second, 9})
	f(changed, nil, "auth", RateLimit{120, time.Minute, 9})
	f(changed+"[ratelimits.batch]\nevery = '1m'", nil, "batch", RateLimit{7, time.Minute, 9})
	f("[ratelimits.batch]\nevery = '1m'\n"+changed, nil, "batch", RateLimit{7, time.Minute, 9})
	f("ratelimits = { files = { limit = 0 } }", nil, "files", RateLimit{0, 10 * time.Second, 0})

	f(changed, []string{"HAPTA_RATELIMITS_DEFAULT_MAX_USES=8"}, "view", RateLimit{7, 3 * time.Second, 8})
	f(original, []string{"HAPTA_RATELIMITS_LIST_EVERY=500", "HAPTA_RATELIMITS_LIST_MAX_USES=3"}, "list", RateLimit{10, 500 * time.Millisecond, 3})
	f("", []string{"HAPTA_RATELIMITS_REALTIME_EVERY=1h"}, "realtime", RateLimit{100, time.Hour, 0})

	f("[ratelimits.view]\nlimit = 1_000_000\nevery = '1s'", nil, "view", RateLimit{1_000_000, time.Second, 0})
	f("[ratelimits.view]\nlimit = 1\nevery = 1", nil, "view", RateLimit{1, time.Millisecond, 0})
	f("[ratelimits.view]\nevery = 86_400_000\nmax_uses = 0x10000000000", nil, "view", RateLimit{100, 24 * time.Hour, 1 << 40})
}

func TestRateLimitsOfCollections(t *testing.T) {
	f := func(file string, environ []string, want map[string]RateLimit) {
		t.Helper()
		c, err := load(t, file, "", Options{Environ: environ})
		if err != nil {
			t.Errorf("%q %q: %v", file, environ, err)
			return
		}
		if got := c.Collections["posts"].RateLimits; !reflect.DeepEqual(got, want) {
			t.Errorf("%q %q: got %v, want %v", file, environ, got, want)
		}
	}
	f("[collections.posts]\nauthority = 'policy'", nil, nil)
	f("[collections.Posts.ratelimits.create]\nlimit = 5", nil, map[string]RateLimit{"create": {5, 10 * time.Second, 0}})
	f("[collections.posts.ratelimits.auth]\nmax_uses = 5", nil, map[string]RateLimit{"auth": {120, time.Minute, 5}})
	f("[collections.posts.ratelimits.list]\n[ratelimits.default]\nlimit = 3", nil, map[string]RateLimit{"list": {3, 10 * time.Second, 0}})
	f("[collections.posts.ratelimits.list]\nlimit = 2\n[ratelimits.list]\nevery = '5s'", []string{"HAPTA_RATELIMITS_LIST_MAX_USES=4"},
		map[string]RateLimit{"list": {2, 5 * time.Second, 4}})
	f("collections.posts.ratelimits = { view = { every = 20 }, files = { limit = 1 } }", nil,
		map[string]RateLimit{"view": {100, 20 * time.Millisecond, 0}, "files": {1, 10 * time.Second, 0}})
}

func TestRateLimitFailure(t *testing.T) {
	f := func(file string, want ...string) {
		t.Helper()
		fails(t, file, "", Options{}, want...)
	}
	const known = "known are auth, batch, create, default, delete, files, list, passthrough, realtime, update, view"
	f("[ratelimits.lst]\nlimit = 1", "hapta.toml:1: ratelimits.lst: there is no such operation; did you mean list?")
	f("\n[ratelimits.everything]\nlimit = 1", "hapta.toml:2: ratelimits.everything: there is no such operation; "+known)
	f("[ratelimits]\nlimit = 1", "hapta.toml:2: ratelimits.limit: there is no such operation; limit is a key of [ratelimits.default]")
	f("[ratelimits]\nlist = 10", "hapta.toml:2: ratelimits.list: expected a section, found 10; write its keys below a line [ratelimits.list]")
	f("ratelimits = false", "hapta.toml:1: ratelimits: expected a section, found false; write its keys below a line [ratelimits.default]")
	f("'ratelimits.list' = 1", "hapta.toml:1: ratelimits.list: there is no such section or key; known are admission, cache, collections, policies, ratelimits, server, sessions, tls, upstream")
	f("[ratelimits.list]\nlimits = 1", "hapta.toml:2: ratelimits.list.limits: is not a key of [ratelimits.list]; did you mean limit?")
	f("[ratelimits.list]\nport = 1", "hapta.toml:2: ratelimits.list.port: is not a key of [ratelimits.list]; port is a key of [server]")

	f("[ratelimits.list]\nlimit = -1", "hapta.toml:2: ratelimits.list.limit: expected a whole number from 0 to 1000000, found -1")
	f("[ratelimits.auth]\nlimit = 1000001", "hapta.toml:2: ratelimits.auth.limit: expected a whole number from 0 to 1000000, found 1000001")
	f("[ratelimits.list]\nmax_uses = -1", "hapta.toml:2: ratelimits.list.max_uses: expected a whole number from 0 to 1099511627776, found -1")
	for _, every := range []string{"0", "-1", "86_400_001", "9_223_372_036_854_775_807", "-9_223_372_036_854", "1.5", "'10'", "'999us'", "'25h'", "'-1s'", "true"} {
		_, err := load(t, "[ratelimits.list]\nlimit = 1\nevery = "+every, "", Options{})
		const want = `hapta.toml:3: ratelimits.list.every: expected milliseconds, or a duration in quotes such as "10s", from 1ms to 24h, found `
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s…", every, err, want)
		}
	}

	const fast = ": expected at most one per microsecond, found "
	f("[ratelimits.list]\nlimit = 1001\nevery = 1", "hapta.toml:2: ratelimits.list.limit"+fast+"1001 in 1ms; lower limit or raise every")
	f("[ratelimits.default]\nlimit = 5000\n[ratelimits.list]\nevery = 4", "hapta.toml:4: ratelimits.list.every"+fast+"5000 in 4ms; lower limit or raise every")
	f("[ratelimits.default]\nevery = 4\n\n[collections.posts.ratelimits.view]\nlimit = 4001",
		"hapta.toml:5: collections.posts.ratelimits.view.limit"+fast+"4001 in 4ms; lower limit or raise every")
	f("[ratelimits.default]\nlimit = 2000\nevery = 1\n[collections.posts.ratelimits.view]\n", // told once, where it is written
		"hapta.toml:2: ratelimits.default.limit"+fast+"2000 in 1ms; lower limit or raise every")
}

func TestRateLimitsOfCollectionsFailure(t *testing.T) {
	f := func(file string, want ...string) {
		t.Helper()
		fails(t, file, "", Options{}, want...)
	}
	f("[collections.posts.ratelimits.craete]\nlimit = 1", "hapta.toml:1: collections.posts.ratelimits.craete: is not an operation on one collection; did you mean create?")
	f("[collections.posts.ratelimits.batch]\nlimit = 1", "hapta.toml:1: collections.posts.ratelimits.batch: is not an operation on one collection; it can be limited in [ratelimits.batch] only")
	f("[server]\nport = 1\n[ratelimit.list]\nlimit = 1\n[ratelimit.view]\nlimit = 1", "hapta.toml:3: ratelimit: there is no such section or key; did you mean ratelimits?")
	f("[collections.posts.ratelimits.everything]\nlimit = 1", "hapta.toml:1: collections.posts.ratelimits.everything: is not an operation on one collection; known are auth, create, delete, files, list, update, view")
	f("[collections.posts.ratelimits]\nlimit = 1", "hapta.toml:2: collections.posts.ratelimits.limit: is not an operation on one collection; limit is a key of [collections.posts.ratelimits.list]")
	f("[collections.posts]\nratelimits = 1", "hapta.toml:2: collections.posts.ratelimits: expected a section, found 1; write its keys below a line [collections.posts.ratelimits.list]")
	f("[collections.ratelimits]\nlist = 1", "hapta.toml:2: collections.ratelimits.list: is not a key of [collections.ratelimits]; known are authority, cache, cache_ttl, ratelimits")
	f("[collections.posts]\nratelimit = 1", "hapta.toml:2: collections.posts.ratelimit: is not a key of [collections.posts]; did you mean ratelimits?")
	f("[collections.posts.ratelimits.view]\nlimit = 1\nevry = 1", "hapta.toml:3: collections.posts.ratelimits.view.evry: is not a key of [collections.posts.ratelimits.view]; did you mean every?")
	f("[collections.posts.ratelimits.view]\n\nlimit = '1'", `hapta.toml:3: collections.posts.ratelimits.view.limit: expected a whole number from 0 to 1000000, found "1"`)
}

func TestRateLimitVariableFailure(t *testing.T) {
	f := func(variable, want string) {
		t.Helper()
		fails(t, "", "", Options{Environ: []string{variable}}, want)
	}
	f("HAPTA_RATELIMITS_LST_LIMIT=1", "environment: HAPTA_RATELIMITS_LST_LIMIT: no key is overridden by this variable; did you mean HAPTA_RATELIMITS_LIST_LIMIT?")
	f("HAPTA_RATELIMITS_LIST_LIMITS=1", "environment: HAPTA_RATELIMITS_LIST_LIMITS: no key is overridden by this variable; did you mean HAPTA_RATELIMITS_LIST_LIMIT?")
	f("HAPTA_RATELIMITS_LIMIT=1", "environment: HAPTA_RATELIMITS_LIMIT: no key is overridden by this variable; overrides are named HAPTA_RATELIMITS_<OPERATION>_<KEY>; the operations are default, list, view, create, update, delete, auth, realtime, files, batch, passthrough")
	f("HAPTA_RATELIMITS_LIST_LIMIT=ten", `environment: HAPTA_RATELIMITS_LIST_LIMIT: expected a whole number from 0 to 1000000, found "ten"`)
	f("HAPTA_RATELIMITS_AUTH_EVERY=1ns", `environment: HAPTA_RATELIMITS_AUTH_EVERY: expected milliseconds, or a duration in quotes such as "10s", from 1ms to 24h, found "1ns"`)
	fails(t, "", "HAPTA_RATELIMITS_AUTH_EVERY=1", Options{Environ: []string{"HAPTA_RATELIMITS_AUTH_LIMIT=1001"}},
		"environment: HAPTA_RATELIMITS_AUTH_LIMIT: expected at most one per microsecond, found 1001 in 1ms; lower limit or raise every")
}
