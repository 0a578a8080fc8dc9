package config

import "cmp"

// The files that are read when none is named.
const (
	DefaultFile    = "hapta.toml"
	DefaultEnvFile = ".env"
)

// Options is where the configuration comes from.
type Options struct {
	ConfigFile  string // empty: DefaultFile
	ConfigNamed bool   // it was asked for by name, so it has to exist
	EnvFile     string // empty: DefaultEnvFile
	EnvNamed    bool
	Environ     []string // as os.Environ gives it
	Demo        bool     // --demo
}

// Load reads the configuration: defaults, then hapta.toml, then the variables,
// of which the process's own win over those of .env. It changes nothing on
// disk. Its error is Problems, all there are.
func Load(o Options) (*Config, error) {
	l := newLoader(cmp.Or(o.ConfigFile, DefaultFile))
	l.file(o)
	l.variables(o)
	l.rateLimits()
	if o.Demo {
		l.demo()
	}
	l.check()
	if len(l.problems) > 0 {
		l.problems.sort(l.name, cmp.Or(o.EnvFile, DefaultEnvFile), environment)
		return nil, l.problems
	}
	return l.config, nil
}

// loader is one run of Load.
type loader struct {
	config   *Config
	name     string // of hapta.toml
	keys     []key
	places   map[string]place // of each value that is not a default and each section, by path or variable
	values   map[string]any   // as TOML decodes them, by the key's path
	problems Problems
}

func newLoader(name string) *loader {
	c := &Config{Collections: map[string]Collection{}}
	l := &loader{config: c, name: name, keys: keys(c), places: map[string]place{}, values: map[string]any{}}
	for _, k := range l.keys {
		k.store(k.standard)
		l.values[k.path()] = k.standard
	}
	return l
}

func (l *loader) report(p Problem) { l.problems = append(l.problems, p) }

// set stores a value that was found at a place.
func (l *loader) set(k key, v any, at place) {
	l.places[k.path()] = at
	if !k.store(v) {
		l.report(at.problem(advice(v), "expected %s, found %s", k.expected, found(v)))
		return
	}
	l.values[k.path()] = v
}

// demo puts the demo database in place of the configured one and hands it its
// policy; everything else stays as configured.
func (l *loader) demo() {
	c := l.config
	if !c.Embedded() {
		l.report(l.places["upstream.url"].problem("unset it or drop --demo",
			"--demo brings a database of its own, so none can be named"))
	}
	if nested(demoDir, c.Upstream.DataDir) {
		l.report(l.place("upstream.data_dir").problem("move data_dir or drop --demo",
			"--demo keeps its records in %s, which must not lie in data_dir nor hold it", demoDir))
	}
	c.Demo = true
	c.Upstream.URL = ""
	c.Upstream.DataDir = demoDir + "/pb_data"
	c.Server.StateDir = DemoState
	posts := c.Collections["posts"]
	posts.Authority = Policy
	c.Collections["posts"] = posts
}

const demoDir = "demo_data"

// DemoState is the state_dir of the demo.
const DemoState = demoDir + "/hapta_state"

// place is where a key's value was found, or the key alone for a default.
func (l *loader) place(path string) place {
	if at, ok := l.places[path]; ok {
		return at
	}
	return place{l.name, 0, path}
}
