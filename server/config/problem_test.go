package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fails loads and compares every problem, a line each, with what is wanted.
func fails(t *testing.T, file, dotenv string, o Options, want ...string) {
	t.Helper()
	_, err := load(t, file, dotenv, o)
	var problems Problems
	if !errors.As(err, &problems) {
		t.Errorf("%q %q: got %v, want problems", file, dotenv, err)
		return
	}
	if got := err.Error(); got != strings.Join(want, "\n") {
		t.Errorf("%q %q:\ngot  %s\nwant %s", file, dotenv, got, strings.Join(want, "\n     "))
	}
	if problems.ExitCode() != 2 || problems[0].ExitCode() != 2 {
		t.Errorf("exit code %d, want 2", problems.ExitCode())
	}
}

func TestFileFailure(t *testing.T) {
	f := func(file string, want ...string) {
		t.Helper()
		fails(t, file, "", Options{}, want...)
	}
	f("[server]\nprot = 1", "hapta.toml:2: server.prot: is not a key of [server]; did you mean port?")
	f("[server]\ndata_dir = 'x'", "hapta.toml:2: server.data_dir: is not a key of [server]; data_dir is a key of [upstream]")
	f("[sessions]\nzzzzzzzz = 1", "hapta.toml:2: sessions.zzzzzzzz: is not a key of [sessions]; known are accept_pocketbase_tokens, lifetime, max_per_user, recheck, rotate_after, rotation_grace")
	f("[server]\n\"\" = 1", "hapta.toml: server.: is not a key of [server]; known are cors_origins, development_mode, expose_superuser_api, hostname, port, shutdown_grace, state_dir, trusted_proxies")
	f("[servre]\n", "hapta.toml:1: servre: there is no such section or key; did you mean server?")
	f("\nport = 1", "hapta.toml:2: port: there is no such section or key; port is a key of [server]")
	f("jwt_secret = 'x'", "hapta.toml:1: jwt_secret: there is no such section or key; jwt_secret belongs in the environment or .env")
	f("[server]\nadmin_password = 'x'", "hapta.toml:2: server.admin_password: is not a key of [server]; admin_password belongs in the environment or .env")
	f("server = 5", "hapta.toml:1: server: expected a section, found 5; write its keys below a line [server]")
	f("[[server]]\nport = 1", "hapta.toml:1: server: expected a section, found a list of sections; write its keys below a line [server]")

	f("[server]\nport = 'x'", `hapta.toml:2: server.port: expected a whole number from 0 to 65535, found "x"`)
	f("[server]\nport = 65536", "hapta.toml:2: server.port: expected a whole number from 0 to 65535, found 65536")
	f("[server]\nport = -1", "hapta.toml:2: server.port: expected a whole number from 0 to 65535, found -1")
	f("[server]\nport = 1.5", "hapta.toml:2: server.port: expected a whole number from 0 to 65535, found 1.5")
	f("[server]\nport = [1, 2, 3, 4, 5, 6]", "hapta.toml:2: server.port: expected a whole number from 0 to 65535, found [1, 2, 3, 4, 5, …]")
	f("[server]\nport = 2020-01-01", "hapta.toml:2: server.port: expected a whole number from 0 to 65535, found a date or time")
	f("[server.port]\nx = 1", "hapta.toml:1: server.port: expected a whole number from 0 to 65535, found a section")
	f("[server]\ndevelopment_mode = 1", "hapta.toml:2: server.development_mode: expected true or false, found 1")
	f("[server]\nhostname = 'localhost:3000'", `hapta.toml:2: server.hostname: expected a host name or an IP address without a port, found "localhost:3000"`)
	f("[server]\nhostname = ''", `hapta.toml:2: server.hostname: expected a host name or an IP address without a port, found ""`)
	f("[server]\nstate_dir = ' '", `hapta.toml:2: server.state_dir: expected the path of a folder in quotes, found " "`)
	f("[server]\nshutdown_grace = '-1s'", `hapta.toml:2: server.shutdown_grace: expected a duration in quotes such as "90s" or "720h", not negative, found "-1s"`)
	f("[server]\nshutdown_grace = 10", `hapta.toml:2: server.shutdown_grace: expected a duration in quotes such as "90s" or "720h", not negative, found 10`)
	f("[upstream]\ntimeout = '0s'", `hapta.toml:2: upstream.timeout: expected a duration in quotes such as "90s" or "720h", above 0, found "0s"`)
	f("[upstream]\nmax_connections = 0", "hapta.toml:2: upstream.max_connections: expected a whole number from 1 to 1048576, found 0")
	f("[upstream]\ndashboard = '8090'", `hapta.toml:2: upstream.dashboard: expected host:port such as "127.0.0.1:8090", or "", found "8090"`)
	for _, prefix := range []string{"", "api", "api/", "//", "/api//x", "/a/../b", "/./", "/a%2fb", "/a?b", "/a;b", "/a b", "https://x/"} {
		f("[upstream]\npassthrough = ['"+prefix+"']", `hapta.toml:2: upstream.passthrough: expected a list of paths such as ["/api/myapp/"], plain and from the root, found ["`+prefix+`"]`)
	}
	f("[policies]\nfallback = 'rule'", `hapta.toml:2: policies.fallback: expected "rules" or "deny", found "rule"`)
	f("[policies]\nmax_fuel = 0", "hapta.toml:2: policies.max_fuel: expected a whole number of at least 1, found 0")
	for _, size := range []string{"'4MB'", "'9999999999999GiB'", "'1'", "'-1KiB'", "1", "'2GiB'"} {
		f("[policies]\nmax_memory = "+size, `hapta.toml:2: policies.max_memory: expected a size from 64KiB to 1GiB such as "1MiB", or its number of bytes, found `+strings.ReplaceAll(size, "'", `"`))
	}
	f("[server]\n\ncors_origins = [\n  'https://a.example',\n  'b.example',\n]", `hapta.toml:3: server.cors_origins: expected a list of origins such as ["https://app.example.com"], or ["*"], found ["https://a.example", "b.example"]`)
	f("[server]\ncors_origins = '*'", `hapta.toml:2: server.cors_origins: expected a list of origins such as ["https://app.example.com"], or ["*"], found "*"`)
	const networks = `expected a list of IP addresses and CIDR ranges such as ["127.0.0.1", "10.0.0.0/8"], found `
	for _, bad := range []string{`"localhost"`, `"10.0.0.0/33"`, `"10.0.0.0/-1"`, `"10.0.0/8"`, `"10.0.0.1:80"`, `"[::1]"`, `""`, `"*"`, "1"} {
		f("[server]\ntrusted_proxies = ['::1', "+strings.ReplaceAll(bad, `"`, "'")+"]", "hapta.toml:2: server.trusted_proxies: "+networks+`["::1", `+bad+"]")
	}
	f("[server]\ntrusted_proxies = ['fe80::1%eth0']", "hapta.toml:2: server.trusted_proxies: "+networks+`["fe80::1%eth0"]`)
	f("[server]\ntrusted_proxies = '127.0.0.1'", "hapta.toml:2: server.trusted_proxies: "+networks+`"127.0.0.1"`)

	f("[admission]\nmax_connection = 1", "hapta.toml:2: admission.max_connection: is not a key of [admission]; did you mean max_connections?")
	f("[admission]\nmax_connections = 0", "hapta.toml:2: admission.max_connections: expected a whole number from 1 to 1048576, found 0")
	f("[admission]\n\nmax_requests_per_caller = 0", "hapta.toml:3: admission.max_requests_per_caller: expected a whole number from 1 to 1048576, found 0")
	for _, timeout := range []string{`"0s"`, `"999us"`, `"25h"`, `"10"`, `"-1s"`, "10", "0"} {
		f("[admission]\nheader_timeout = "+timeout, `hapta.toml:2: admission.header_timeout: expected a duration in quotes such as "10s", from 1ms to 24h, found `+timeout)
	}
	f("[admission]\nmax_record_body = '2GiB'", `hapta.toml:2: admission.max_record_body: expected a size from 1KiB to 1GiB such as "1MiB", or its number of bytes, found "2GiB"`)
	f("[admission]\nmax_batch_body = 1023", `hapta.toml:2: admission.max_batch_body: expected a size from 1KiB to 4GiB such as "1MiB", or its number of bytes, found 1023`)
	f("[admission]\nmax_passed_body = '1025GiB'", `hapta.toml:2: admission.max_passed_body: expected a size from 1KiB to 1024GiB such as "1MiB", or its number of bytes, found "1025GiB"`)
	f("[admission]\nexempt = ['localhost']", "hapta.toml:2: admission.exempt: "+networks+`["localhost"]`)

	f("[collections.posts]\nauthority = 'deny'", `hapta.toml:2: collections.posts.authority: expected "rules" or "policy", found "deny"`)
	f("[collections.posts]\nautority = 'policy'", "hapta.toml:2: collections.posts.autority: is not a key of [collections.posts]; did you mean authority?")
	f("[collections]\nauthority = 'policy'", `hapta.toml:2: collections.authority: expected a section, found "policy"; write [collections.<name>] above it`)
	f("[collections.'a b']\n", "hapta.toml:1: collections.a b: is not a collection's name; use the collection's name or id")
}

func TestEveryProblemIsReported(t *testing.T) {
	fails(t, "[server]\nport = 'x'\nprot = 1\n\n[policies]\nfallback = 'x'\n[nope]\n", "\nHAPTA_SESSIONS_RECHECK=x\n",
		Options{Environ: []string{"HAPTA_POLICIES_MAX_FUEL=x", "HAPTA_ADMIN_KEY=short"}},
		`hapta.toml:2: server.port: expected a whole number from 0 to 65535, found "x"`,
		`hapta.toml:3: server.prot: is not a key of [server]; did you mean port?`,
		`hapta.toml:6: policies.fallback: expected "rules" or "deny", found "x"`,
		`hapta.toml:7: nope: there is no such section or key; known are admission, cache, collections, policies, ratelimits, server, sessions, tls, upstream`,
		`.env:2: HAPTA_SESSIONS_RECHECK: expected a duration in quotes such as "90s" or "720h", not negative, found "x"`,
		`environment: HAPTA_ADMIN_KEY: expected at least 32 bytes, found 5; make one with: openssl rand -hex 32`,
		`environment: HAPTA_POLICIES_MAX_FUEL: expected a whole number of at least 1, found "x"`)
}

func TestSyntaxFailure(t *testing.T) {
	fails(t, "[server]\nport = \n", "", Options{},
		"hapta.toml:2: is not valid TOML: expected value but found '\\n' instead; correct this line")
	fails(t, "[server]\nport = 1\nport = 2\n", "", Options{},
		"hapta.toml:3: is not valid TOML: Key 'server.port' has already been defined; correct this line")
	fails(t, "ADMIN_PASSWORD=hunter2\n", "", Options{},
		"hapta.toml:1: is not valid TOML; secrets belong in the environment or .env")
}

func TestSameCollectionTwice(t *testing.T) {
	_, err := load(t, "[collections.posts]\n[collections.POSTS]\n", "", Options{})
	if err == nil || !strings.Contains(err.Error(), "the collection posts has two sections") {
		t.Errorf("got %v", err)
	}
}

func TestVariableFailure(t *testing.T) {
	f := func(dotenv string, environ []string, want ...string) {
		t.Helper()
		fails(t, "", dotenv, Options{Environ: environ}, want...)
	}
	f("", []string{"HAPTA_SERVER_PROT=1"}, "environment: HAPTA_SERVER_PROT: no key is overridden by this variable; did you mean HAPTA_SERVER_PORT?")
	f("A=1\nHAPTA_NONSENSE_ENTIRELY=1", nil, ".env:2: HAPTA_NONSENSE_ENTIRELY: no key is overridden by this variable; unset it; overrides are named HAPTA_<SECTION>_<KEY>")
	f("", []string{"HAPTA_COLLECTIONS_POSTS_AUTHORITY=policy"}, "environment: HAPTA_COLLECTIONS_POSTS_AUTHORITY: no key is overridden by this variable; [collections] can only be set in hapta.toml")
	f("", []string{"HAPTA_SERVER_PORT=tcp://10.0.0.1:3000"}, `environment: HAPTA_SERVER_PORT: expected a whole number from 0 to 65535, found "tcp://10.0.0.1:3000"; this looks like Kubernetes' own for a Service named hapta-server: rename the Service or set enableServiceLinks: false`)
	f("", []string{"HAPTA_SERVER_PORT="}, `environment: HAPTA_SERVER_PORT: expected a whole number from 0 to 65535, found ""`)
	f("", []string{"SSL_ENABLED=maybe"}, `environment: SSL_ENABLED: expected true or false, found "maybe"`)
	f("# one\n\nA=1\nB='2\n", nil, ".env:4: is not of the form NAME=value; close its quotes, or write the value in single quotes")
	f("JWT_SECRET=short", nil, ".env:1: JWT_SECRET: expected at least 32 bytes, found 5; make one with: openssl rand -hex 32")
	f("JWT_SECRET="+secret32+",", nil, ".env:1: JWT_SECRET: expected at least 32 bytes, found 0 in secret 2 of 2; make one with: openssl rand -hex 32")
	f("ADMIN_EMAIL=admin", nil, ".env:1: ADMIN_EMAIL: expected an e-mail address such as admin@example.com")
	f("ADMIN_EMAIL=a@b.c\nADMIN_PASSWORD=seven77", nil, ".env:2: ADMIN_PASSWORD: expected at least 8 characters, as PocketBase does, found 7; choose a longer one")
	f("ADMIN_PASSWORD=long enough", nil, ".env:1: ADMIN_PASSWORD: is a password without its e-mail address; set ADMIN_EMAIL too")
	f("", []string{"DB_URL=http://127.0.0.1:8090"},
		"environment: DB_URL: a PocketBase that is not embedded needs a superuser's ADMIN_EMAIL; set ADMIN_EMAIL in the environment or .env",
		"environment: DB_URL: a PocketBase that is not embedded needs a superuser's ADMIN_PASSWORD; set ADMIN_PASSWORD in the environment or .env")
	const url = `environment: DB_URL: expected an http:// or https:// URL without credentials, query or fragment, or "", found `
	f("", []string{"DB_URL=localhost:8090"}, url+`"localhost:8090"`)
	f("", []string{"DB_URL=postgres://x"}, url+`"postgres://x"`)
	f("", []string{"DB_URL=http://x/?a=b"}, url+`"http://x/?a=b"`)
	f("", []string{"DB_URL=http://user:hunter2@x"}, url+`"…@x"`)
}

func TestSSLFailure(t *testing.T) {
	ssl := []string{"SSL_ENABLED=true"}
	fails(t, "", "", Options{Environ: ssl},
		"hapta.toml: tls.cert: expected a file, since SSL_ENABLED is true, found nothing; name a PEM file or unset SSL_ENABLED",
		"hapta.toml: tls.key: expected a file, since SSL_ENABLED is true, found nothing; name a PEM file or unset SSL_ENABLED")
	fails(t, "[tls]\ncert = 'none.pem'\nkey = 'none.key'", "", Options{Environ: ssl},
		"hapta.toml:2: tls.cert: cannot be used: open none.pem: no such file or directory; name a readable certificate and the key that belongs to it")
	fails(t, "[tls]\ncert = 'hapta.toml'", "", Options{Environ: append(ssl, "HAPTA_TLS_KEY=-----BEGIN PRIVATE KEY-----\nMIIE")},
		"environment: HAPTA_TLS_KEY: expected the path of a PEM file, found its content; write it to a file with mode 0600 and name that")
}

func TestNamedFilesHaveToExist(t *testing.T) {
	fails(t, "", "", Options{ConfigFile: "a.toml", ConfigNamed: true, EnvFile: "b.env", EnvNamed: true},
		"a.toml: there is no such file; create it or name another with --config",
		"b.env: there is no such file; create it or name another with --env")
	fails(t, "", "", Options{ConfigFile: ".", ConfigNamed: true},
		".: cannot be read: is a directory; make it a readable file")
}

func TestDemoFailure(t *testing.T) {
	fails(t, "", "ADMIN_EMAIL=a@b.c\nADMIN_PASSWORD=12345678", Options{Demo: true, Environ: []string{"DB_URL=http://x"}},
		"environment: DB_URL: --demo brings a database of its own, so none can be named; unset it or drop --demo")
	fails(t, "[upstream]\nurl = 'http://x'", "", Options{Demo: true},
		"hapta.toml:2: upstream.url: --demo brings a database of its own, so none can be named; unset it or drop --demo")
	fails(t, "[upstream]\ndata_dir = 'demo_data/pb_data'", "", Options{Demo: true},
		"hapta.toml:2: upstream.data_dir: --demo keeps its records in demo_data, which must not lie in data_dir nor hold it; move data_dir or drop --demo")
}

func TestFoldersApart(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "data/x", "x")
	if err := os.Symlink("data", "link"); err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs("data")
	if err != nil {
		t.Fatal(err)
	}
	f := func(state, data string, apart bool) {
		t.Helper()
		_, err := Load(Options{Environ: []string{"HAPTA_SERVER_STATE_DIR=" + state, "HAPTA_UPSTREAM_DATA_DIR=" + data}})
		if apart != (err == nil) || err != nil && !strings.Contains(err.Error(), "lie one in the other") {
			t.Errorf("state %s, data %s: %v", state, data, err)
		}
	}
	f("a", "b", true)
	f("data", "data2", true)
	f("data/a", "data/b", true)
	f("data", "data", false)
	f("data/state", "data", false)
	f("data", "data/pb", false)
	f("a/../data/x", "./data", false)
	f("link/new/state", "data", false)
	f("data", "link/new", false)
	f(abs+"/state", "data", false)
	f(".", "data", false)
	f("/", "data", false)
	f("../data", "data", true)
}
