package config

import (
	"math"
	"time"
)

// key is one key of hapta.toml.
type key struct {
	section, name string
	standard      any    // default, as TOML decodes it; nil: another key's value, or none
	comment       string // its one line of documentation
	kind
}

// path is the key's full name, "server.port".
func (k key) path() string { return k.section + "." + k.name }

func find(keys []key, section, name string) (key, bool) {
	for _, k := range keys {
		if k.section == section && k.name == name {
			return k, true
		}
	}
	return key{}, false
}

// keys is the one list of keys outside [collections], bound to their places in
// c. Defaults, the reference file and the HAPTA_<SECTION>_<KEY> overrides all
// come from it.
func keys(c *Config) []key {
	return append([]key{
		{"server", "hostname", "127.0.0.1",
			"Address to listen on; 0.0.0.0 or :: is every interface.",
			host(&c.Server.Hostname)},
		{"server", "port", int64(3000),
			"Port to listen on; 0 takes any free one.",
			whole(&c.Server.Port, 0, math.MaxUint16)},
		{"server", "development_mode", false,
			"Refusals tell why and logs are for people; keep it off where others can connect.",
			boolean(&c.Server.DevelopmentMode)},
		{"server", "trusted_proxies", []any{},
			"Proxies in front whose X-Forwarded-For is believed: IP addresses and CIDR ranges.",
			networks(&c.Server.TrustedProxies)},
		{"server", "state_dir", "hapta_state",
			"Folder of what is Hapta's own: sessions, generated secrets. Never inside data_dir.",
			path(&c.Server.StateDir)},
		{"server", "shutdown_grace", "10s",
			"How long running requests may take to finish after SIGTERM.",
			duration(&c.Server.ShutdownGrace, 0)},
		{"server", "expose_superuser_api", false,
			"Let superusers through to all of PocketBase, its dashboard at /_/ included; off: that is not there.",
			boolean(&c.Server.SuperuserAPI)},
		{"server", "cors_origins", []any{"*"},
			"Origins whose pages may call the API, such as \"https://app.example.com\"; \"*\" is all.",
			origins(&c.Server.CORSOrigins)},

		{"tls", "cert", "",
			"Certificate chain, a PEM file; used when SSL_ENABLED=true.",
			text(&c.TLS.Cert)},
		{"tls", "key", "",
			"Its private key, a PEM file.",
			text(&c.TLS.Key)},

		{"upstream", "url", "",
			"PocketBase to stand in front of; empty: the embedded one. DB_URL wins over it.",
			address(&c.Upstream.URL)},
		{"upstream", "data_dir", "pb_data",
			"Folder of the embedded PocketBase. Never inside state_dir.",
			path(&c.Upstream.DataDir)},
		{"upstream", "dashboard", "127.0.0.1:8090",
			"Where the embedded PocketBase serves its own dashboard and full API; empty: nowhere.",
			listener(&c.Upstream.Dashboard)},
		{"upstream", "passthrough", []any{},
			"Paths of the app's own routes to pass on, such as \"/api/myapp/\"; \"/\" is all but PocketBase's and Hapta's own.",
			prefixes(&c.Upstream.Passthrough)},
		{"upstream", "max_connections", int64(256),
			"Most connections at once to a PocketBase that is not embedded, and as many again for downloads.",
			whole(&c.Upstream.MaxConnections, 1, 1<<20)},
		{"upstream", "timeout", "30s",
			"How long PocketBase may take to answer, and an upload or a download may stand still.",
			duration(&c.Upstream.Timeout, 1)},

		{"policies", "dir", "policies",
			"Folder of the compiled policies, <collection>.wasm each.",
			path(&c.Policies.Dir)},
		{"policies", "fallback", Rules,
			"Who decides where no policy is: \"rules\" (PocketBase's API rules) or \"deny\" (nobody gets in).",
			oneOf(&c.Policies.Fallback, Rules, Deny)},
		{"policies", "max_fuel", int64(1_000_000),
			"Most work one policy call may do, about one instruction each.",
			whole(&c.Policies.MaxFuel, 1, math.MaxInt64)},
		{"policies", "max_memory", "4MiB",
			"Most memory one policy instance may hold.",
			size(&c.Policies.MaxMemory, 64<<10, 1<<30)},
		{"policies", "hot_reload", true,
			"Take up changed policy files without a restart.",
			boolean(&c.Policies.HotReload)},

		{"sessions", "lifetime", "0",
			"Longest life of a session's token; 0: as long as PocketBase's own token lives.",
			duration(&c.Sessions.Lifetime, 0)},
		{"sessions", "rotation_grace", "30s",
			"How long after it was issued a token in use is known to have arrived; then those before it are void.",
			duration(&c.Sessions.RotationGrace, 1)},
		{"sessions", "rotate_after", "0",
			"A refresh this soon after the last one changes no key; for servers that refresh on each page, such as \"1m\".",
			duration(&c.Sessions.RotateAfter, 0)},
		{"sessions", "max_per_user", int64(100),
			"Most sessions of one user; the oldest end first; 0: any number.",
			whole(&c.Sessions.MaxPerUser, 0, 1<<20)},
		{"sessions", "recheck", "1m",
			"How soon a session that PocketBase would end has ended here too; 0: asked at every use.",
			duration(&c.Sessions.Recheck, 0)},
		{"sessions", "accept_pocketbase_tokens", false,
			"Take users' own PocketBase tokens too, and exchange each for a session when it is refreshed.",
			boolean(&c.Sessions.AcceptPocketBaseTokens)},

		{"admission", "max_connections", int64(10_000),
			"Most connections at once; each takes one of the files that the process may have open.",
			whole(&c.Admission.MaxConnections, 1, 1<<20)},
		{"admission", "max_connections_per_address", int64(1000),
			"Most connections at once from one address.",
			whole(&c.Admission.MaxConnectionsPerAddress, 1, 1<<20)},
		{"admission", "max_requests", int64(1000),
			"Most requests at work at once; what is more is refused with 503 at once.",
			whole(&c.Admission.MaxRequests, 1, 1<<20)},
		{"admission", "max_requests_per_caller", int64(100),
			"Most requests at work at once for one caller.",
			whole(&c.Admission.MaxRequestsPerCaller, 1, 1<<20)},
		{"admission", "header_timeout", "10s",
			"How long a request's header may take.",
			span(&c.Admission.HeaderTimeout, time.Millisecond)},
		{"admission", "body_timeout", "30s",
			"How long a client may keep its body, or the taking of an answer, waiting; each KiB adds a second.",
			span(&c.Admission.BodyTimeout, time.Millisecond)},
		{"admission", "idle_timeout", "2m",
			"How long a connection may stay open without a request.",
			span(&c.Admission.IdleTimeout, time.Millisecond)},
		{"admission", "max_record_body", "32MiB",
			"Largest body about one record, beside the files that its collection takes.",
			size(&c.Admission.MaxRecordBody, 1<<10, 1<<30)},
		{"admission", "max_batch_body", "128MiB",
			"Largest body of a batch.",
			size(&c.Admission.MaxBatchBody, 1<<10, 1<<32)},
		{"admission", "max_passed_body", "1GiB",
			"Largest body to the app's own routes, and from superusers.",
			size(&c.Admission.MaxPassedBody, 1<<10, 1<<40)},
		{"admission", "max_body_memory", "128MiB",
			"Most memory for what is read of all bodies at once, and half of it for one caller; 64 KiB of each are free.",
			size(&c.Admission.MaxBodyMemory, 1<<20, 1<<40)},
		{"admission", "exempt", []any{},
			"Who meets no limits: IP addresses and CIDR ranges.",
			networks(&c.Admission.Exempt)},

		{"cache", "size", "64MiB",
			"Memory for answers of the database, which are kept so that it is asked less; 0: none are.",
			sizeOrNone(&c.Cache.Size, 8<<20, 1<<36)},
		{"cache", "ttl", "1m",
			"How long an answer is kept; a change that nobody tells of, such as SQL by another process, can stay unseen for that long.",
			span(&c.Cache.TTL, time.Second)},
		{"cache", "stale", "0",
			"How much longer an old answer may stand in for one that the database fails to give; 0: never, and clients get the error.",
			span(&c.Cache.Stale, 0)},
	}, rateLimitKeys()...)
}
