package author

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/config"
)

const (
	moduleExtension = ".wasm"
	casesExtension  = ".test.json"
)

// unit is a policy by the path that its module, its source and its cases share:
// policies/posts stands for policies/posts.wasm and policies/posts.test.json.
type unit string

func (u unit) module() string { return string(u) + moduleExtension }
func (u unit) cases() string  { return string(u) + casesExtension }
func (u unit) name() string   { return filepath.Base(string(u)) }

// find resolves what was named: a module, its source, a file of cases, or a
// collection.
func (t *Tools) find(name string) (unit, error) {
	for _, extension := range []string{casesExtension, moduleExtension, ".ts", ".rs"} {
		if path, ok := strings.CutSuffix(name, extension); ok {
			if _, err := os.Stat(name); err != nil {
				return "", mistake("%s cannot be read: %v", name, err)
			}
			return unit(path), nil
		}
	}
	there := t.names(moduleExtension)
	i := slices.IndexFunc(there, func(n string) bool { return strings.EqualFold(n, name) })
	if i >= 0 {
		return unit(filepath.Join(t.Dir, there[i])), nil
	}
	if len(there) == 0 {
		return "", mistake("there are no policies in %s; name another folder as [policies] dir, or compile one", t.Dir)
	}
	return "", mistake("there is no %s%s in %s; %s", name, moduleExtension, t.Dir, config.Meant(name, there))
}

// findAll resolves what is to be tested; nothing named is the whole folder.
func (t *Tools) findAll(names []string) ([]unit, error) {
	if len(names) == 0 {
		names = []string{t.Dir}
	}
	var units []unit
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			inside := Tools{Dir: name}
			found := inside.names(casesExtension)
			if len(found) == 0 {
				return nil, mistake("there are no cases in %s: a policy's stand beside its module, in <collection>%s", name, casesExtension)
			}
			compiled := t.compiled(name, found)
			if len(compiled) == 0 {
				return nil, mistake("no policy in %s is compiled; compile them: hapta-server policy build", name)
			}
			units = append(units, compiled...)
			continue
		}
		u, err := t.find(name)
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	return units, nil
}

// compiled leaves out, and says so, the cases of a folder that have no module:
// sources and cases stay when a policy is taken away.
func (t *Tools) compiled(dir string, names []string) (units []unit) {
	for _, n := range names {
		u := unit(filepath.Join(dir, n))
		if _, err := os.Stat(u.module()); errors.Is(err, fs.ErrNotExist) {
			_, _ = fmt.Fprintf(t.Err, "%s is left out, for there is no %s: compile its source, or delete the cases of a policy that was taken away\n", u.cases(), u.module())
			continue
		}
		units = append(units, u)
	}
	return units
}

// names are those of the folder's files with an extension, without it.
func (t *Tools) names(extension string) (names []string) {
	entries, _ := os.ReadDir(t.Dir) // what cannot be read holds none
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), extension); ok && !e.IsDir() && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	return names
}
