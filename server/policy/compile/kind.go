package compile

import (
	"context"
	"fmt"
	"os"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Features are those of WebAssembly 2.0 without SIMD.
const Features = api.CoreFeaturesV2 &^ api.CoreFeatureSIMD

// Config is how policies are compiled and run.
func Config() wazero.RuntimeConfig {
	return wazero.NewRuntimeConfig().WithCoreFeatures(Features)
}

// smallest is a module with one empty function.
var smallest = []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x04\x01\x02\x00\x0b")

// findKind learns how the engine names compiled code here, which depends on its
// version and on the processor: code of another kind would not be found.
func (c *Cache) findKind() (string, error) {
	dir, err := os.MkdirTemp(c.dir, unfinished)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := into(context.Background(), dir, smallest); err != nil {
		return "", err
	}
	return entry(dir)
}

// into compiles a module into a folder.
func into(ctx context.Context, dir string, module []byte) error {
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return err
	}
	defer func() { _ = cache.Close(ctx) }() // what it has written is written
	r := wazero.NewRuntimeWithConfig(ctx, Config().WithCompilationCache(cache))
	defer func() { _ = r.Close(ctx) }()
	if _, err := r.CompileModule(ctx, module); err != nil {
		return fmt.Errorf("it does not compile: %w", err)
	}
	return nil
}
