package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
)

// Check loads configuration, environment and every policy, reaches the
// database, and writes what it finds, a line each. The error says that
// something has to be mended. It changes nothing.
func Check(ctx context.Context, o config.Options, w io.Writer) error {
	c, err := config.Load(o)
	if err != nil {
		return err
	}
	k := &checker{w: w}
	k.ok("configuration is valid")
	for _, w := range c.Warnings() {
		k.problem("%s", w)
	}
	k.folders(c)
	folder, set := k.policies(ctx, c)
	if folder != nil {
		defer folder.Close()
	}
	schema := k.database(ctx, c)
	if schema != nil {
		for _, f := range findings(schema, set, k.ledger(c), c) {
			k.problem("%s", f)
		}
	}
	return k.result()
}

type checker struct {
	w        io.Writer
	problems int
}

func (k *checker) ok(format string, args ...any) {
	_, _ = fmt.Fprintf(k.w, "ok       "+format+"\n", args...)
}

func (k *checker) problem(format string, args ...any) {
	k.problems++
	_, _ = fmt.Fprintf(k.w, "problem  "+format+"\n", args...)
}

func (k *checker) result() error {
	if k.problems == 0 {
		return nil
	}
	if k.problems == 1 {
		return usage("1 problem has to be mended")
	}
	return usage("%d problems have to be mended", k.problems)
}

func (k *checker) folders(c *config.Config) {
	dirs := map[string]string{"[server] state_dir": c.Server.StateDir}
	if c.Upstream.URL == "" {
		dirs["[upstream] data_dir"] = c.Upstream.DataDir
	}
	for _, key := range slices.Sorted(maps.Keys(dirs)) {
		if err := config.Writable(dirs[key]); err != nil {
			k.problem("%s: the folder %q cannot be written (%v); name one that this user may write to", key, dirs[key], err)
		}
	}
}

// ledger tells which collections have had a policy, as far as a server that ran
// here has noted it.
func (k *checker) ledger(c *config.Config) (hadPolicy func(string) bool) {
	never := func(string) bool { return false }
	if _, err := os.Stat(c.Server.StateDir); errors.Is(err, fs.ErrNotExist) {
		return never
	}
	ledger, err := watch.OpenLedger(c.Server.StateDir, c.Policies.Dir)
	if err != nil {
		k.problem("%v", err)
		return never
	}
	return func(id string) bool {
		had, err := ledger.Has(id)
		return had && err == nil
	}
}

func (k *checker) policies(ctx context.Context, c *config.Config) (*watch.Folder, *watch.Set) {
	none := &watch.Set{}
	engine, remove, err := passingEngine(c)
	if err != nil {
		k.problem("%v", err)
		return nil, none
	}
	defer remove()
	folder, err := watch.Open(ctx, c.Policies.Dir, engine.Load, silent())
	if errors.Is(err, fs.ErrNotExist) && c.Policies.Dir == defaultPolicies {
		k.ok("there is no folder %s, so there are no policies", c.Policies.Dir)
		return nil, none
	}
	if err != nil {
		k.problem("%v", err)
		return nil, none
	}
	folder.Finish(ctx, func(*watch.Set) {})
	set := folder.Set()
	var stems []string
	for stem := range set.Entries {
		stems = append(stems, stem)
	}
	slices.Sort(stems)
	for _, stem := range stems {
		file := filepath.Join(c.Policies.Dir, stem+".wasm")
		if entry := set.Entries[stem]; entry.Err != nil {
			k.problem("%v", entry.Err)
		} else {
			k.ok("%s, version %s", file, entry.Policy.Version())
		}
	}
	return folder, set
}

// database reads the schema of the database that is there. An embedded one
// that was never started has none yet.
func (k *checker) database(ctx context.Context, c *config.Config) *pocketbase.Schema {
	schema, err := liveSchema(ctx, c)
	switch {
	case err != nil:
		k.problem("%v", err)
	case schema == nil:
		k.ok("the embedded PocketBase will be made in %s", c.Upstream.DataDir)
	case c.Embedded():
		k.ok("the embedded PocketBase in %s has %d collections", c.Upstream.DataDir, len(schema.All()))
	default:
		k.ok("PocketBase at %s has %d collections", c.Upstream.URL, len(schema.All()))
	}
	return schema
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }
