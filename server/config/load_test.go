package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	secret32 = "0123456789abcdef0123456789abcdef"
	other32  = "fedcba9876543210fedcba9876543210"
)

// load reads the two files, none where empty, in a new working directory.
func load(t *testing.T, file, dotenv string, o Options) (*Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, DefaultFile, file)
	write(t, DefaultEnvFile, dotenv)
	return Load(o)
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if content == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sameConfig(t *testing.T, got, want *Config) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDefaults(t *testing.T) {
	got, err := load(t, "", "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	standard := RateLimit{Limit: 100, Every: 10 * time.Second}
	often := RateLimit{Limit: 400, Every: 10 * time.Second}
	files := RateLimit{Limit: 1000, Every: 10 * time.Second}
	sameConfig(t, got, &Config{
		Server: Server{Hostname: "127.0.0.1", Port: 3000, StateDir: "hapta_state",
			ShutdownGrace: 10 * time.Second, CORSOrigins: []string{"*"}},
		Upstream: Upstream{DataDir: "pb_data", Dashboard: "127.0.0.1:8090", Passthrough: []string{}, MaxConnections: 256, Timeout: 30 * time.Second},
		Policies: Policies{Dir: "policies", Fallback: Rules, MaxFuel: 1_000_000, MaxMemory: 4 << 20, HotReload: true},
		Sessions: Sessions{Recheck: time.Minute, RotationGrace: 30 * time.Second, MaxPerUser: 100},
		Admission: Admission{MaxConnections: 10_000, MaxConnectionsPerAddress: 1000, MaxRequests: 1000, MaxRequestsPerCaller: 100,
			HeaderTimeout: 10 * time.Second, BodyTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
			MaxRecordBody: 32 << 20, MaxBatchBody: 128 << 20, MaxPassedBody: 1 << 30, MaxBodyMemory: 128 << 20},
		Cache:       Cache{Size: 64 << 20, TTL: time.Minute},
		Collections: map[string]Collection{},
		RateLimits: map[string]RateLimit{"default": standard, "list": standard, "view": standard, "create": standard, "update": standard,
			"delete": standard, "auth": {Limit: 120, Every: time.Minute}, "realtime": standard, "files": files, "batch": standard, "passthrough": often},
	})
	if got.Server.Address() != "127.0.0.1:3000" || !got.Embedded() {
		t.Errorf("address %s, embedded %v", got.Server.Address(), got.Embedded())
	}
}

func TestLoadSuccess(t *testing.T) {
	f := func(file, dotenv string, environ []string, look func(*Config) any, want any) {
		t.Helper()
		c, err := load(t, file, dotenv, Options{Environ: environ})
		if err != nil {
			t.Errorf("%q %q %q: %v", file, dotenv, environ, err)
			return
		}
		if got := look(c); !reflect.DeepEqual(got, want) {
			t.Errorf("%q %q %q: got %v, want %v", file, dotenv, environ, got, want)
		}
	}
	port := func(c *Config) any { return c.Server.Port }
	f("[server]\nport = 1", "", nil, port, 1)
	f("server.port = 2", "", nil, port, 2)
	f("server = { port = 3 }", "", nil, port, 3)
	f("[server]\nport = 1", "HAPTA_SERVER_PORT=4", nil, port, 4)
	f("[server]\nport = 1", "HAPTA_SERVER_PORT=4", []string{"HAPTA_SERVER_PORT=5"}, port, 5)
	f("", "export HAPTA_SERVER_PORT = 6 # the sixth", nil, port, 6)

	origins := func(c *Config) any { return c.Server.CORSOrigins }
	f("[server]\ncors_origins = []", "", nil, origins, []string{})
	f("[server]\ncors_origins = ['https://a.example', 'http://localhost:5173']", "", nil, origins,
		[]string{"https://a.example", "http://localhost:5173"})
	f("", "", []string{"HAPTA_SERVER_CORS_ORIGINS=https://a.example, https://b.example"}, origins,
		[]string{"https://a.example", "https://b.example"})

	proxies := func(c *Config) any { return fmt.Sprint(c.Server.TrustedProxies) }
	f("[server]\ntrusted_proxies = []", "", nil, proxies, "[]")
	f("[server]\ntrusted_proxies = ['127.0.0.1', '::1', '172.18.0.1/16', '2001:db8::/32']", "", nil, proxies,
		"[127.0.0.1/32 ::1/128 172.18.0.0/16 2001:db8::/32]")
	f("[server]\ntrusted_proxies = ['::ffff:127.0.0.1', '::ffff:10.0.0.0/104']", "", nil, proxies, "[127.0.0.1/32 10.0.0.0/8]")
	f("", "", []string{"HAPTA_SERVER_TRUSTED_PROXIES=10.0.0.0/8, ::1"}, proxies, "[10.0.0.0/8 ::1/128]")
	f("[server]\ntrusted_proxies = ['127.0.0.1']", "", []string{"HAPTA_SERVER_TRUSTED_PROXIES="}, proxies, "[]")
	exempt := func(c *Config) any { return fmt.Sprint(c.Admission.Exempt) }
	f("[admission]\nexempt = ['10.1.2.3', 'fd00::1/8']", "", nil, exempt, "[10.1.2.3/32 fd00::/8]")
	f("", "", []string{"HAPTA_ADMISSION_EXEMPT=127.0.0.1"}, exempt, "[127.0.0.1/32]")
	passthrough := func(c *Config) any { return c.Upstream.Passthrough }
	f("", "", nil, passthrough, []string{})
	f("[upstream]\npassthrough = ['/api/myapp/', '/hooks', '/']", "", nil, passthrough, []string{"/api/myapp/", "/hooks", "/"})

	memory := func(c *Config) any { return c.Policies.MaxMemory }
	f("[policies]\nmax_memory = '1MiB'", "", nil, memory, int64(1<<20))
	f("[policies]\nmax_memory = 131072", "", nil, memory, int64(131072))
	f("", "", []string{"HAPTA_POLICIES_MAX_MEMORY=64 KiB"}, memory, int64(64<<10))
	f("", "", []string{"HAPTA_POLICIES_MAX_MEMORY=65536"}, memory, int64(65536))

	f("[admission]\nmax_passed_body = '1024GiB'", "", nil, func(c *Config) any { return c.Admission.MaxPassedBody }, int64(1<<40))
	f("[admission]\nbody_timeout = '24h'", "", nil, func(c *Config) any { return c.Admission.BodyTimeout }, 24*time.Hour)
	f("", "", []string{"HAPTA_ADMISSION_HEADER_TIMEOUT=1ms"}, func(c *Config) any { return c.Admission.HeaderTimeout }, time.Millisecond)

	lifetime := func(c *Config) any { return c.Sessions.Lifetime }
	f("[sessions]\nlifetime = 0", "", nil, lifetime, time.Duration(0))
	f("[sessions]\nlifetime = '720h'", "", nil, lifetime, 720*time.Hour)
	f("", "", []string{"HAPTA_SERVER_DEVELOPMENT_MODE=true"}, func(c *Config) any { return c.Server.DevelopmentMode }, true)
	f("", "", []string{"HAPTA_UPSTREAM_DASHBOARD="}, func(c *Config) any { return c.Upstream.Dashboard }, "")

	collections := func(c *Config) any { return c.Collections }
	f("[collections.Posts]\nauthority = 'policy'\n[collections.tags]\n", "", nil, collections,
		map[string]Collection{"posts": {Authority: Policy}, "tags": {}})

	admin := "ADMIN_EMAIL=admin@example.com\nADMIN_PASSWORD='pa$WORD #1'\n"
	url := func(c *Config) any { return c.Upstream.URL }
	f("[upstream]\nurl = 'https://pb.example/'", admin, nil, url, "https://pb.example")
	f("[upstream]\nurl = 'https://pb.example'", admin, []string{"DB_URL=http://127.0.0.1:8090"}, url, "http://127.0.0.1:8090")
	f("[upstream]\nurl = 'https://pb.example'", admin+"DB_URL=", nil, url, "https://pb.example")
	f("", admin, []string{"HAPTA_UPSTREAM_URL=http://a.example", "DB_URL=http://b.example"}, url, "http://b.example")
	f("", admin, nil, func(c *Config) any { return c.Secrets.AdminPassword.Reveal() }, "pa$WORD #1")
	f("", "", []string{"JWT_SECRET=" + secret32 + ", " + other32}, func(c *Config) any { return c.Secrets.JWTSecrets },
		[]Secret{NewSecret(secret32), NewSecret(other32)})
	f("", "SSL_ENABLED=\nJWT_SECRET=\nHAPTA_ADMIN_KEY=\nDB_URL=\nADMIN_EMAIL=\nADMIN_PASSWORD=", nil,
		func(c *Config) any { return c.TLS.Enabled }, false)
	f("", "", []string{"HAPTA_PORT=tcp://10.0.0.1:3000", "HAPTA_SERVICE_HOST=10.0.0.1", "HAPTA_SERVICE_PORT_HTTP=3000",
		"HAPTA_PORT_3000_TCP_ADDR=10.0.0.1"}, port, 3000)
}

func TestDemo(t *testing.T) {
	c, err := load(t, "[upstream]\ndata_dir = 'mine'\n[collections.tags]\nauthority = 'rules'\n[collections.posts.ratelimits.create]\nlimit = 5", "", Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Demo || c.Upstream.DataDir != "demo_data/pb_data" || c.Server.StateDir != "demo_data/hapta_state" {
		t.Errorf("demo %v, data in %s, state in %s", c.Demo, c.Upstream.DataDir, c.Server.StateDir)
	}
	want := map[string]Collection{
		"posts": {Authority: Policy, RateLimits: map[string]RateLimit{"create": {5, 10 * time.Second, 0}}}, "tags": {Authority: Rules}}
	if !reflect.DeepEqual(c.Collections, want) {
		t.Errorf("collections %v, want %v", c.Collections, want)
	}
}

func TestWarnings(t *testing.T) {
	f := func(file, want string) {
		t.Helper()
		few := []string{"HAPTA_ADMISSION_MAX_CONNECTIONS=1", "HAPTA_ADMISSION_MAX_REQUESTS=1"} // whatever the machine's limit is
		c, err := load(t, file, "", Options{Environ: few})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.Warnings(), "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: warned %q, want %q", file, got, want)
		}
	}
	f("", "")
	f("[server]\ndevelopment_mode = true", "")
	f("[server]\ndevelopment_mode = true\nhostname = 'localhost'", "")
	f("[server]\ndevelopment_mode = true\nhostname = '::1'", "")
	f("[server]\ndevelopment_mode = true\nhostname = '0.0.0.0'", "0.0.0.0 can be reached from other machines")
	f("[tls]\ncert = 'a.pem'", "speaks plain HTTP")
	f("[server]\ntrusted_proxies = ['10.0.0.0/8']", "")
	f("[server]\ntrusted_proxies = ['10.0.0.0/8', '0.0.0.0/0']", "trusted_proxies has 0.0.0.0/0, which is everyone")
	f("[server]\ntrusted_proxies = ['::/0']", "trusted_proxies has ::/0, which is everyone")
	f("[admission]\nexempt = ['10.0.0.0/8']", "")
	f("[admission]\nexempt = ['10.0.0.0/8', '::/0']", "exempt has ::/0, which is everyone: no client meets limits")
}

func TestWarningOfTooFewFiles(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Setrlimit(unix.RLIMIT_NOFILE, &before) })
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 200, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	f := func(connections, want string) {
		t.Helper()
		c, err := load(t, "[admission]\nmax_requests = 50\nmax_connections = "+connections, "", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.Warnings(), "\n"); got != want {
			t.Errorf("%s: warned %q, want %q", connections, got, want)
		}
	}
	f("50", "")
	f("51", "[admission] max_connections is 51, and with that this process needs 201 open files and may have 200: "+
		"raise its limit (ulimit -n, or LimitNOFILE= in a unit of systemd) or lower max_connections")
}
