package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/graph/memory"
	"entangle/graph/neo4jstore"
	"entangle/queries"
	"entangle/schema"
	"entangle/schema/exec"
	"entangle/server"
)

type serveOptions struct {
	storeFlags
	listen     string
	insecure   bool
	clearance  string
	page       bool
	logLevel   string
	logFormat  string
	staleness  time.Duration
	maxSamples int
	maxSearch  int
	maxCost    int
}

const serveHelp = `Serve the store over GraphQL: POST and GET /graphql, a query page at /, /healthz,
/readyz and /metrics.

The command starts even if a Neo4j does not answer yet; /readyz says when it does.

With --sample the sample of Iraq is loaded into a fresh store; the command prints
the address and a query to try. Another process may load into the same store
while it is served.

There is no authentication: everybody who reaches the address may read what
--clearance allows. To listen at other than loopback addresses give --insecure.

EXAMPLES
  entangle serve --sample
  entangle serve --store entangle.db --listen 127.0.0.1:9090

EXIT STATUS
  0  stopped by a signal, requests finished
  1  could not start, or was cut off while stopping
  2  the command was called wrongly`

func (a *app) serveCommand() *cobra.Command {
	o := &serveOptions{}
	c := &cobra.Command{
		Use: "serve", Short: "Serve the store over GraphQL", Long: serveHelp, Args: usage.NoArgs(""),
		RunE: func(c *cobra.Command, _ []string) error { return a.runServe(c, o) },
	}
	o.addSample(c.Flags())
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "the `ADDRESS` to listen at; port 0 takes a free one")
	f.BoolVar(&o.insecure, "insecure", false, "allow an address that other machines can reach")
	f.StringVar(&o.clearance, "clearance", "clear", "the strictest `TLP` marking that is served: clear, green, amber, amber+strict, red")
	f.BoolVar(&o.page, "page", true, "serve the query page at /")
	f.DurationVar(&o.staleness, "staleness", 0, "answer from data up to so `LONG` ago, such as 30s: look-ups in a Neo4j from memory, a question from a picture while a newer one is taken; a question may say otherwise")
	f.DurationVar(&o.neo4j.sweep, "sweep", neo4jstore.DefaultSweep, "look at all of a Neo4j within so `LONG` for what others wrote there and nobody has met")
	f.IntVar(&o.neo4j.cache, "cache", memory.DefaultSize, "the `NUMBER` of nodes, and of ties, that is about kept in memory until the data changes; -1 for none")
	f.IntVar(&o.maxSamples, "max-samples", queries.ServedSamples, "the largest `NUMBER` of worlds that one question may draw")
	f.IntVar(&o.maxSearch, "max-search", queries.ServedSearch, "the largest `NUMBER` of worlds in which a plan may be searched for")
	f.IntVar(&o.maxCost, "max-cost", exec.DefaultLimits().Cost, "the most that one request may cost: a `NUMBER`, in which an object of the answer counts one, and so does a tenth of a millisecond of processor time that its questions are expected to take")
	f.StringVar(&o.logLevel, "log-level", "info", "the lowest `LEVEL` that is logged: debug, info, warn, error")
	f.StringVar(&o.logFormat, "log-format", "text", "the `FORMAT` of the log: text or json")
	return c
}

func (a *app) runServe(c *cobra.Command, o *serveOptions) error {
	log, err := a.logger(o)
	if err != nil {
		return usage.Error{Err: err}
	}
	for name, n := range map[string]int{"max-samples": o.maxSamples, "max-search": o.maxSearch, "max-cost": o.maxCost} {
		if n < 1 {
			return usage.Error{Err: fmt.Errorf("--%s %d: at least 1", name, n)}
		}
	}
	if o.staleness < 0 {
		return usage.Error{Err: fmt.Errorf("--staleness %s: at least 0", o.staleness)}
	}
	if o.neo4j.sweep <= 0 {
		return usage.Error{Err: fmt.Errorf("--sweep %s: a time above 0", o.neo4j.sweep)}
	}
	o.neo4j.lazy, o.neo4j.log, o.neo4j.staleness = true, log, o.staleness
	return a.withOpenStore(c.Context(), c.Flags(), o.storeFlags, o.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		return a.serve(ctx, o, s, clearance, log)
	})
}

func (a *app) serve(ctx context.Context, o *serveOptions, s graph.Store, clearance graph.Marking, log *slog.Logger) error {
	sc, err := schema.New(schema.Config{
		Store: s, Introspection: true, Log: log, Staleness: o.staleness, Clock: a.now, MaxSamples: o.maxSamples, MaxSearch: o.maxSearch,
		Limits: exec.Limits{Cost: o.maxCost},
	})
	if err != nil {
		return err
	}
	var problems func() (map[graph.Rule]int, bool)
	if i, ok := s.(graph.Inspected); ok {
		problems = i.ProblemCounts
	}
	var adoption func() graph.Adoption
	if ad, ok := s.(graph.Adopting); ok {
		adoption = ad.Adoption
	}
	var lacks func() []string
	if l, ok := s.(graph.Lacking); ok {
		lacks = l.Lacks
	}
	srv, err := server.New(server.Config{
		Listen: o.listen, Insecure: o.insecure, GraphQL: sc, Clearance: clearance, Log: log, Clock: a.now,
		GraphiQL: o.page, Version: thisBuild().version, Example: exampleQuery,
		Ready:    func(ctx context.Context) error { _, err := s.Version(ctx); return err },
		Problems: problems, Adoption: adoption, Lacks: lacks,
	})
	if errors.Is(err, server.ErrExposed) {
		return usage.Error{Err: fmt.Errorf("--listen %s: other machines could connect, and there is no authentication yet: listen at 127.0.0.1, or say --insecure", o.listen)}
	}
	if errors.Is(err, server.ErrConfig) {
		return usage.Error{Err: fmt.Errorf("--listen %s: %w", o.listen, err)}
	}
	if err != nil {
		return err
	}
	if err := srv.Listen(ctx); err != nil {
		return err
	}
	a.greet(srv.Addr(), o.sample, o.page)
	if err := srv.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (a *app) logger(o *serveOptions) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level %q: one of debug, info, warn, error", o.logLevel)
	}
	opts := &slog.HandlerOptions{Level: level}
	switch o.logFormat {
	case "text":
		return slog.New(server.LogHandler(slog.NewTextHandler(a.stderr, opts))), nil
	case "json":
		return slog.New(server.LogHandler(slog.NewJSONHandler(a.stderr, opts))), nil
	}
	return nil, fmt.Errorf("--log-format %q: text or json", o.logFormat)
}
