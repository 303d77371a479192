package neo4jstore

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"entangle/graph/memory"
)

// The defaults of Config. A batch of 5,000 rows writes fastest: smaller ones pay
// for round trips, from 50,000 on the server's memory slows it down.
const (
	DefaultDatabase       = "neo4j"
	DefaultPoolSize       = 50
	DefaultConnectTimeout = 5 * time.Second
	DefaultAcquireTimeout = 10 * time.Second
	DefaultProbeTimeout   = 2 * time.Second
	DefaultTxTimeout      = 2 * time.Minute
	DefaultRetryTime      = 5 * time.Second
	DefaultBatchSize      = 5_000
	DefaultFetchSize      = 10_000
	DefaultCacheSize      = memory.DefaultSize
	DefaultWatchInterval  = time.Minute
	DefaultSweep          = 10 * time.Minute
)

// Config says how to reach a Neo4j. Zero values take the defaults above.
type Config struct {
	// URI is bolt://host:port for one server, neo4j://host:port for a cluster
	// with routing. +s asks for TLS, +ssc for TLS without a check of the
	// certificate's issuer. It carries no user and no password.
	URI string
	// User and Password, or Token (a bearer token), or none of them for a server
	// without authentication.
	User, Password, Token string
	// Database is the name of the database.
	Database string
	// TLS is used with the schemes that ask for it: other root certificates, a
	// client certificate. The server's name comes from the URI.
	TLS *tls.Config
	// PoolSize is the most connections to a server.
	PoolSize int
	// ConnectTimeout bounds the making of a connection, AcquireTimeout the wait
	// for a free one.
	ConnectTimeout, AcquireTimeout time.Duration
	// ProbeTimeout bounds the question with which a reading begins. Where it is not answered
	// in time the connections are given up for new ones, and it is asked once more, three
	// times as long.
	ProbeTimeout time.Duration
	// TxTimeout is the time after which the server ends a transaction of ours.
	TxTimeout time.Duration
	// RetryTime bounds how long a transaction is tried again after errors that
	// pass: a deadlock, a lost connection, a change of the leader.
	RetryTime time.Duration
	// WatchInterval is the time between two looks at the constraints and indexes.
	WatchInterval time.Duration
	// Sweep is the time within which everything is looked at once for what others wrote and
	// nobody has met, as long as somebody commits; a negative one takes in nothing that Settle
	// is not asked for.
	Sweep time.Duration
	// Staleness is how old what a view shows may be: within it a view does not ask where the
	// database stands, and what was read is not read again. Commits of this store show at once.
	Staleness time.Duration
	// BatchSize is the number of rows a statement writes, FetchSize the number
	// of rows a result sends at a time.
	BatchSize, FetchSize int
	// CacheSize is about how many nodes, and as many ties, are kept in memory for
	// each clearance until the database changes; a negative one keeps none.
	CacheSize int
	// Lazy opens the store although no server answers yet; Ready tells when one does.
	Lazy bool
	// Filling is for a load: into an empty database the index of names is made
	// behind what it holds, by Finish, by the first search, or by whoever opens the
	// database next.
	Filling bool
	// Log gets warnings about data that is not served. Nil discards them.
	Log *slog.Logger
	// OnStatement is called before each statement is sent, with its name (that of
	// its file) and text. It has to be safe for concurrent use.
	OnStatement func(name, text string)
	// UserAgent names the program in the server's lists of connections.
	UserAgent string
}

// livenessAfter is how long a connection may be idle before it is looked at when it is used
// again.
const livenessAfter = 15 * time.Second

var schemes = []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}

// normal checks the configuration and fills in the defaults. Its errors never
// repeat a secret.
func (c Config) normal() (Config, error) {
	u, err := url.Parse(c.URI)
	switch {
	case err != nil: // the error would repeat the address with what may be a password in it
		return c, fmt.Errorf("%w: the address is not a URI such as bolt://localhost:7687 or neo4j://host:7687", ErrConfig)
	case u.User != nil:
		return c, fmt.Errorf("%w: the address %s carries a user: give user and password separately, so that they do not show up in logs and lists of processes", ErrConfig, u.Host)
	case !slices.Contains(schemes, u.Scheme):
		return c, fmt.Errorf("%w: address %s: the scheme is not one of %s", ErrConfig, u.Redacted(), strings.Join(schemes, ", "))
	case u.Host == "" || strings.Trim(u.Path, "/") != "":
		return c, fmt.Errorf("%w: address %s: not of the form %s://host:port", ErrConfig, u.Redacted(), u.Scheme)
	case c.Token != "" && (c.User != "" || c.Password != ""):
		return c, fmt.Errorf("%w: both a token and a user are given", ErrConfig)
	case c.Password != "" && c.User == "":
		return c, fmt.Errorf("%w: a password without a user", ErrConfig)
	}
	c.URI = strings.TrimSuffix(c.URI, "/")
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{{&c.ConnectTimeout, DefaultConnectTimeout}, {&c.AcquireTimeout, DefaultAcquireTimeout}, {&c.ProbeTimeout, DefaultProbeTimeout}, {&c.TxTimeout, DefaultTxTimeout}, {&c.RetryTime, DefaultRetryTime}, {&c.WatchInterval, DefaultWatchInterval}} {
		if *d.at < 0 {
			return c, fmt.Errorf("%w: a timeout of %v", ErrConfig, *d.at)
		} else if *d.at == 0 {
			*d.at = d.value
		}
	}
	for _, n := range []struct {
		at    *int
		value int
	}{{&c.PoolSize, DefaultPoolSize}, {&c.BatchSize, DefaultBatchSize}, {&c.FetchSize, DefaultFetchSize}} {
		if *n.at < 0 {
			return c, fmt.Errorf("%w: a size of %d", ErrConfig, *n.at)
		} else if *n.at == 0 {
			*n.at = n.value
		}
	}
	if c.CacheSize == 0 {
		c.CacheSize = DefaultCacheSize
	}
	if c.Sweep == 0 {
		c.Sweep = DefaultSweep
	}
	if c.Database == "" {
		c.Database = DefaultDatabase
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.OnStatement == nil {
		c.OnStatement = func(string, string) {}
	}
	return c, nil
}

// routed reports whether the address asks for routing to a cluster's members.
func (c Config) routed() bool { return strings.HasPrefix(c.URI, "neo4j") }

func (c Config) driver() (neo4j.DriverWithContext, error) {
	auth := neo4j.NoAuth()
	switch {
	case c.Token != "":
		auth = neo4j.BearerAuth(c.Token)
	case c.User != "":
		auth = neo4j.BasicAuth(c.User, c.Password, "")
	}
	d, err := neo4j.NewDriverWithContext(c.URI, auth, func(d *config.Config) {
		d.MaxConnectionPoolSize = c.PoolSize
		d.SocketConnectTimeout = c.ConnectTimeout
		d.ConnectionAcquisitionTimeout = c.AcquireTimeout
		d.MaxTransactionRetryTime = c.RetryTime
		d.ConnectionLivenessCheckTimeout = livenessAfter
		d.SocketKeepalive = true
		d.FetchSize = c.FetchSize
		d.NotificationsMinSeverity = notifications.DisabledLevel
		d.TelemetryDisabled = true
		if c.UserAgent != "" {
			d.UserAgent = c.UserAgent
		}
		if c.TLS != nil {
			d.TlsConfig = c.TLS.Clone()
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return d, nil
}
