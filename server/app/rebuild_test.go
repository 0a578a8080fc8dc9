package app

import (
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/config"
)

// What is configured of the cache is what the gateway goes by.
func TestCacheSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	file := `[cache]
ttl = "5s"
stale = "1h"
[collections.Posts]
cache = "identity"
cache_ttl = "2s"
[collections.logs]
cache = "off"
[collections.tags]
cache = "shared"
[collections.users]
authority = "rules"
`
	if err := os.WriteFile(config.DefaultFile, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := settings(c)
	if want := (cache.Settings{TTL: 5 * time.Second, Stale: time.Hour}); s.Cache != want {
		t.Errorf("all have %+v; want %+v", s.Cache, want)
	}
	want := map[string]cache.Collection{
		"posts": {Mode: cache.Identity, TTL: 2 * time.Second}, "logs": {Mode: cache.Off}, "tags": {Mode: cache.Shared}, "users": {},
	}
	if !reflect.DeepEqual(s.CollectionCache, want) {
		t.Errorf("collections have %+v; want %+v", s.CollectionCache, want)
	}
}

// A cache can be configured as small as one can be, and no smaller.
func TestLeastCache(t *testing.T) {
	t.Chdir(t.TempDir())
	f := func(size int, good bool) {
		t.Helper()
		c, err := config.Load(config.Options{Environ: []string{fmt.Sprintf("HAPTA_CACHE_SIZE=%d", size)}})
		if (err == nil) != good || good && c.Cache.Size != int64(size) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	f(cache.LeastSize, true)
	f(cache.LeastSize-1, false)
	f(0, true)
}
