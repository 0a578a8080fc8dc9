package config

import (
	"testing"
	"time"
)

func TestCache(t *testing.T) {
	f := func(file string, environ []string, want Cache) {
		t.Helper()
		c, err := load(t, file, "", Options{Environ: environ})
		if err != nil {
			t.Errorf("%q %q: %v", file, environ, err)
			return
		}
		if c.Cache != want {
			t.Errorf("%q %q: got %+v, want %+v", file, environ, c.Cache, want)
		}
	}
	f("[cache]\nsize = '8MiB'\nttl = '1s'\nstale = '24h'", nil, Cache{8 << 20, time.Second, 24 * time.Hour})
	f("[cache]\nsize = '64GiB'\nttl = '24h'\nstale = 0", nil, Cache{64 << 30, 24 * time.Hour, 0})
	f("[cache]\nsize = 0", nil, Cache{0, time.Minute, 0})
	f("[cache]\nsize = 8388608", nil, Cache{8 << 20, time.Minute, 0})
	f("[cache]\nttl = '5s'", []string{"HAPTA_CACHE_SIZE=0", "HAPTA_CACHE_TTL=10s", "HAPTA_CACHE_STALE=1h"}, Cache{0, 10 * time.Second, time.Hour})
	f("", []string{"HAPTA_CACHE_SIZE=128MiB", "HAPTA_CACHE_STALE=0"}, Cache{128 << 20, time.Minute, 0})
}

func TestCacheOfCollections(t *testing.T) {
	f := func(file string, want Collection) {
		t.Helper()
		c, err := load(t, file, "", Options{Demo: true})
		if err != nil {
			t.Errorf("%q: %v", file, err)
			return
		}
		got := c.Collections["posts"]
		if got.Cache != want.Cache || got.CacheTTL != want.CacheTTL {
			t.Errorf("%q: got %+v, want %+v", file, got, want)
		}
	}
	f("", Collection{})
	f("[collections.posts]\ncache = 'shared'", Collection{Cache: Shared})
	f("[collections.Posts]\ncache = 'identity'\ncache_ttl = '1s'", Collection{Cache: Identity, CacheTTL: time.Second})
	f("[cache]\nttl = '5s'\n[collections.posts]\ncache = 'off'", Collection{Cache: Off})
}

func TestCacheFailure(t *testing.T) {
	f := func(file, want string) {
		t.Helper()
		fails(t, file, "", Options{}, want)
	}
	const size = `hapta.toml:2: cache.size: expected a size from 8MiB to 64GiB such as "64MiB", or its number of bytes, or 0, found `
	f("[cache]\nsize = '8191KiB'", size+`"8191KiB"`)
	f("[cache]\nsize = '65GiB'", size+`"65GiB"`)
	f("[cache]\nsize = 1", size+"1")
	f("[cache]\nsize = '64MB'", size+`"64MB"`)
	f("[cache]\nsize = false", size+"false")
	const ttl = `hapta.toml:2: cache.ttl: expected a duration in quotes such as "10s", from 1s to 24h, found `
	f("[cache]\nttl = '999ms'", ttl+`"999ms"`)
	f("[cache]\nttl = '25h'", ttl+`"25h"`)
	f("[cache]\nttl = 0", ttl+"0")
	f("[cache]\nttl = 60", ttl+"60")
	const stale = `hapta.toml:2: cache.stale: expected a duration in quotes such as "10s", from 0s to 24h, found `
	f("[cache]\nstale = '-1s'", stale+`"-1s"`)
	f("[cache]\nstale = '25h'", stale+`"25h"`)
	f("[cache]\nstale = false", stale+"false")

	f("[collections.posts]\ncache = 'none'", `hapta.toml:2: collections.posts.cache: expected "shared" or "identity" or "off", found "none"`)
	f("[collections.posts]\ncache = false", `hapta.toml:2: collections.posts.cache: expected "shared" or "identity" or "off", found false`)
	f("[collections.posts]\ncache_ttl = '0s'", `hapta.toml:2: collections.posts.cache_ttl: expected a duration in quotes such as "10s", from 1s to 24h, found "0s"`)
	f("[collections.posts]\nttl = '1s'", "hapta.toml:2: collections.posts.ttl: is not a key of [collections.posts]; did you mean cache_ttl?")
	f("[collections.posts]\nstale = '1s'", "hapta.toml:2: collections.posts.stale: is not a key of [collections.posts]; stale is a key of [cache]")
	f("[collections.posts.cache]\nttl = '1s'", `hapta.toml:1: collections.posts.cache: expected "shared" or "identity" or "off", found a section`)
}
