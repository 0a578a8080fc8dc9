package watch

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// Whatever is done to the file, as long as it is not away for a second, every
// set has a version of it that can be acquired.
func TestHammer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("0"))
	r := open(t, filepath.Dir(path))
	r.patience.grace = tooLong // so that a slow machine proves nothing
	r.start()

	end := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
				}
				entry := r.Set().Entries["posts"]
				if entry.Policy == nil {
					t.Errorf("a reader met no policy: %v", entry.Err)
					return
				}
				if entry.Policy.Acquire() {
					entry.Policy.Release()
				} else if r.Set().Entries["posts"].Policy == entry.Policy {
					t.Error("a reader met a retired policy in the newest set")
					return
				}
			}
		})
	}

	bad := map[string]func(){
		"half":   func() { write(t, path, half("x")) },
		"empty":  func() { write(t, path, nil) },
		"absent": func() { must(t, os.Remove(path)); write(t, path, half("y")) },
		"twin": func() {
			twin := filepath.Join(filepath.Dir(path), "Posts.wasm")
			write(t, twin, module("twin"))
			must(t, os.Remove(twin))
		},
	}
	// Some strokes fall faster than the folder looks, some are waited for.
	for range 12 {
		for _, replace := range patterns {
			for _, spoil := range bad {
				spoil()
				if rand.IntN(3) == 0 {
					break
				}
			}
			content := module(strconv.Itoa(rand.Int()))
			replace(t, path, content)
			if rand.IntN(8) == 0 {
				r.untilVersion("posts", content)
			}
		}
	}
	close(end)
	readers.Wait()
	write(t, path, module("last"))
	r.untilVersion("posts", module("last"))
}
