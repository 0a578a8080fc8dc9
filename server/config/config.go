package config

import (
	"net"
	"net/netip"
	"strconv"
	"time"
)

// Config is everything that can be configured, validated. It is not changed
// once Load has returned it, except by PrepareState.
type Config struct {
	Server    Server
	TLS       TLS
	Upstream  Upstream
	Policies  Policies
	Sessions  Sessions
	Admission Admission
	Cache     Cache

	// RateLimits holds every operation's, and "default".
	RateLimits map[string]RateLimit

	// Collections holds the [collections.<name>] sections by lower-cased name:
	// a collection is the same one by its id and by its name in any case.
	Collections map[string]Collection

	Secrets Secrets

	// Demo is set by --demo: an embedded database in demo_data.
	Demo bool
	// FromFile tells whether there was a file with anything in it.
	FromFile bool
}

// Server is what clients connect to and what is Hapta's own on disk.
type Server struct {
	Hostname        string
	Port            int // 0: any free one
	DevelopmentMode bool
	TrustedProxies  []netip.Prefix // whose word about a client's address is taken
	StateDir        string
	ShutdownGrace   time.Duration
	SuperuserAPI    bool     // expose_superuser_api
	CORSOrigins     []string // "*", or scheme://host[:port] each; empty: no other origin
}

// TLS is how the listener speaks TLS.
type TLS struct {
	Cert, Key string // PEM files; read and matched by Load when Enabled
	Enabled   bool   // SSL_ENABLED
}

// Upstream is the PocketBase behind Hapta.
type Upstream struct {
	URL            string   // without a trailing slash; empty: embedded
	DataDir        string   // embedded only
	Dashboard      string   // embedded only; host:port, empty: nowhere
	Passthrough    []string // path prefixes of the app's own routes
	MaxConnections int
	Timeout        time.Duration
}

// Policies is where policies lie and what one call of them may cost.
type Policies struct {
	Dir       string
	Fallback  string // Rules or Deny
	MaxFuel   int64  // per call
	MaxMemory int64  // bytes per instance, 64 KiB to 1 GiB
	HotReload bool
}

// Sessions is how long sessions live, how their tokens change, and how often they
// are proved.
type Sessions struct {
	Lifetime      time.Duration // 0: as long as PocketBase's own token
	RotationGrace time.Duration
	RotateAfter   time.Duration // 0: every refresh rolls
	MaxPerUser    int           // 0: any number
	Recheck       time.Duration // 0: at every use

	AcceptPocketBaseTokens bool // user tokens of PocketBase's own are taken too
}

// Admission is what is let in at all, whatever it asks for.
type Admission struct {
	MaxConnections           int
	MaxConnectionsPerAddress int
	MaxRequests              int // at work at once
	MaxRequestsPerCaller     int
	HeaderTimeout            time.Duration
	BodyTimeout              time.Duration // and a second for each KiB
	IdleTimeout              time.Duration
	MaxRecordBody            int64 // bytes, beside the files of the collection
	MaxBatchBody             int64
	MaxPassedBody            int64
	MaxBodyMemory            int64          // for all bodies that are read at once; of one caller half of it
	Exempt                   []netip.Prefix // who meets no limits
}

// Cache is which answers of the database are kept, and for how long.
type Cache struct {
	Size  int64         // bytes; 0: none are
	TTL   time.Duration // of one that nobody is known to have changed
	Stale time.Duration // beyond that, while the database fails; 0: not at all
}

// Collection is one [collections.<name>] section.
type Collection struct {
	Authority  string               // Rules or Policy; empty: the section does not say
	Cache      string               // Shared, Identity or Off; empty: the section does not say
	CacheTTL   time.Duration        // 0: the section does not say
	RateLimits map[string]RateLimit // of the operations that have a section here, whole
}

// The words of [policies] fallback and [collections.<name>] authority.
const (
	Rules  = "rules"
	Deny   = "deny"
	Policy = "policy"
)

// The words of [collections.<name>] cache.
const (
	Shared   = "shared"
	Identity = "identity"
	Off      = "off"
)

// Embedded reports whether the database runs inside this process.
func (c *Config) Embedded() bool { return c.Upstream.URL == "" }

// Address is the listener's host:port.
func (s Server) Address() string {
	return net.JoinHostPort(s.Hostname, strconv.Itoa(s.Port))
}
