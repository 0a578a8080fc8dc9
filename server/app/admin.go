package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/httpapi"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/policy/watch"
)

// admin is the operator's API; off without a key.
func (a *app) admin(c *config.Config, counts *metrics.Metrics) *httpapi.Admin {
	key := c.Secrets.AdminKey.Reveal()
	if key == "" {
		return nil
	}
	return &httpapi.Admin{Key: key, List: a.gateway.Policies, Remove: a.removePolicy, Metrics: counts.Write}
}

func (a *app) removePolicy(_ context.Context, collection string) error {
	done, err := a.ledger.Remove(collection)
	if errors.Is(err, watch.ErrNoPolicy) {
		return &apierr.Error{Status: http.StatusNotFound, Message: err.Error()}
	}
	if err != nil {
		return apierr.From(err)
	}
	a.log.Info("a policy was taken away by the admin API", "collection", collection, "files", done.Files)
	return nil
}

// RemovePolicy takes a policy away from the command line. A server that runs
// beside follows within two seconds.
func RemovePolicy(o config.Options, collection string) (string, error) {
	c, err := config.Load(o)
	if err != nil {
		return "", err
	}
	if err := prepareLedger(c, collection); err != nil {
		return "", err
	}
	ledger, err := watch.OpenLedger(c.Server.StateDir, c.Policies.Dir)
	if err != nil {
		return "", usage("%v", err)
	}
	done, err := ledger.Remove(collection)
	if err != nil {
		return "", usage("%v", err)
	}
	files := removed(done.Files)
	if c.Collections[strings.ToLower(collection)].Authority == config.Policy && c.Demo {
		return fmt.Sprintf("%s has no policy now and stays closed, for the demo hands it to its policy; %s", collection, files), nil
	}
	if c.Collections[strings.ToLower(collection)].Authority == config.Policy {
		return fmt.Sprintf(`%s has no policy now and stays closed, for [collections.%s] says authority = "policy"; %s`, collection, strings.ToLower(collection), files), nil
	}
	return fmt.Sprintf("%s is left to PocketBase's rules now; %s", collection, files), nil
}

// removed tells which files are gone, and which are left behind.
func removed(files []string) string {
	if len(files) == 0 {
		return "there was no file any more"
	}
	told := "removed " + strings.Join(files, ", ")
	var left []string
	for _, file := range files {
		stem := strings.TrimSuffix(file, filepath.Ext(file))
		for _, path := range []string{stem + ".ts", stem + ".rs", stem, stem + ".test.json"} {
			if _, err := os.Stat(path); err == nil {
				left = append(left, path)
			}
		}
	}
	if len(left) > 0 {
		told += "; left there: " + strings.Join(left, ", ") + " (a source brings the policy back when it is compiled)"
	}
	return told
}

// prepareLedger makes the state_dir of a server that has not run yet, but not
// in a folder where there is nothing to remove.
func prepareLedger(c *config.Config, collection string) error {
	_, state := os.Stat(c.Server.StateDir)
	_, file := os.Stat(filepath.Join(c.Policies.Dir, strings.ToLower(collection)+".wasm"))
	if _, err := os.Stat(config.DemoState); state != nil && err == nil && !c.Demo {
		return usage("there is no state_dir %s here, but the demo has run here: say --demo to take away a policy of the demo's", c.Server.StateDir)
	}
	if state != nil && file != nil {
		return usage("there is no state_dir %s and no policy for %s here: run this where the server runs, name its configuration with --config, or say --demo for the demo's", c.Server.StateDir, collection)
	}
	if err := os.MkdirAll(c.Server.StateDir, 0o700); err != nil {
		return usage("the state_dir cannot be made: %v", err)
	}
	return nil
}
