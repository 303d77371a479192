package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"entangle/graph"
	"entangle/schema/exec"
)

// Errors of New, Listen and Run.
var (
	// ErrConfig is wrapped by every error about a Config.
	ErrConfig = errors.New("server: wrong configuration")
	// ErrExposed says that Listen names an address that other machines can reach.
	ErrExposed = errors.New("server: refusing to listen where other machines could connect, since there is no authentication yet")
	// ErrDrain says that requests were still running when the time to stop was over.
	ErrDrain = errors.New("server: cut off requests that had not finished in time")
)

// Executor answers GraphQL documents. A *schema.Schema is one.
type Executor interface {
	// Prepare does everything that comes before execution. With errors there is no
	// operation, and the errors are the whole response.
	Prepare(ctx context.Context, req exec.Request) (*exec.Prepared, []*exec.Error)
	// Execute runs the operation for one who may see what is marked up to clearance, and
	// writes the response to w. It returns an error if w failed or if nothing could be
	// run; the server then answers in its place as long as nothing has been sent: an
	// *exec.CodedError as it is, graph.ErrUnavailable with 503, anything else masked
	// with 500.
	Execute(ctx context.Context, op *exec.Prepared, clearance graph.Marking, w io.Writer) (exec.Result, error)
}

// Config says what a Server serves and how. Listen, GraphQL and Clock are needed.
type Config struct {
	Listen   string   // host:port; port 0 takes a free one
	Insecure bool     // listen also where other machines can connect
	Hosts    []string // names, without port, under which clients may address a server on a loopback address, beside its own
	GraphQL  Executor
	// Clearance is what everybody may see who reaches the server, as there is no
	// authentication yet; the zero value is TLP:CLEAR.
	Clearance graph.Marking
	Ready     func(ctx context.Context) error // nil error: the store can be asked; nil func: always
	// Problems tells how many things of the store break each rule and are not served, as
	// of the last look, and false where nobody looked yet. It is asked at every scrape and
	// every /readyz and must read nothing. nil: nobody else writes to the store.
	Problems func() (counts map[graph.Rule]int, known bool)
	// Adoption tells how far the store has come with what others wrote. Nil for a store that
	// nobody else writes to.
	Adoption func() graph.Adoption
	// Lacks tells the statements that make what is missing of the store's constraints and
	// indexes, as of the last look. It is asked at every /readyz and must read nothing.
	// nil: nothing ever is.
	Lacks    func() []string
	Log      *slog.Logger     // nil discards
	Clock    func() time.Time // for durations in logs and metrics
	Limits   Limits
	GraphiQL bool                 // serve the page at /
	Example  string               // the document that the page opens with; empty: a note
	Version  string               // told by /healthz and /metrics
	Metrics  *prometheus.Registry // nil means a new one; Go and process collectors are added
}

// Limits bound what clients may take. A zero field means its default.
type Limits struct {
	BodyBytes  int64 // of a POST; default 1 MiB
	URIBytes   int   // of path and query together; default 16 KiB
	Concurrent int   // GraphQL requests that run at a time; default 16 for each CPU

	Queue   time.Duration // how long a request waits for its turn before 503; default 1 s
	Request time.Duration // how long a GraphQL request may run; default 60 s
	Header  time.Duration // to send the header; default 5 s
	Read    time.Duration // to send the whole request; default 30 s
	Write   time.Duration // from the header to the end of the response; default Request + Queue + 30 s
	Idle    time.Duration // between two requests of a connection; default 2 min
	Ready   time.Duration // for the answer of Config.Ready; default 2 s
	Stop    time.Duration // for running requests to finish once the server is told to stop; default 15 s
}

func (l Limits) withDefaults() Limits {
	l.BodyBytes = or(l.BodyBytes, 1<<20)
	l.URIBytes = or(l.URIBytes, 16<<10)
	l.Concurrent = or(l.Concurrent, 16*runtime.GOMAXPROCS(0))
	l.Queue = or(l.Queue, time.Second)
	l.Request = or(l.Request, time.Minute)
	l.Header = or(l.Header, 5*time.Second)
	l.Read = or(l.Read, 30*time.Second)
	l.Write = or(l.Write, l.Request+l.Queue+30*time.Second)
	l.Idle = or(l.Idle, 2*time.Minute)
	l.Ready = or(l.Ready, 2*time.Second)
	l.Stop = or(l.Stop, 15*time.Second)
	return l
}

func or[T int | int64 | time.Duration](v, dflt T) T {
	if v <= 0 {
		return dflt
	}
	return v
}

// verify refuses what could not be served, and fills the defaults.
func (c Config) verify() (Config, error) {
	switch {
	case c.GraphQL == nil:
		return c, fmt.Errorf("%w: GraphQL is nil", ErrConfig)
	case c.Clock == nil:
		return c, fmt.Errorf("%w: Clock is nil", ErrConfig)
	}
	if err := c.checkListen(); err != nil {
		return c, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	c.Limits = c.Limits.withDefaults()
	return c, nil
}

func (c Config) checkListen() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("%w: Listen %q is not host:port, as in 127.0.0.1:8080: %w", ErrConfig, c.Listen, err)
	}
	if c.Insecure || isLoopback(host) {
		return nil
	}
	return exposed(c.Listen)
}

func exposed(address string) error {
	return fmt.Errorf("%w: %q; listen on 127.0.0.1 or [::1], or say that it is to be insecure", ErrExposed, address)
}

// isLoopback reports whether the host of an address can only mean this machine. Names
// other than localhost are not looked up.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
