package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rates are the commits a second of a storm.
var rates = []float64{1, 5, 20}

// storm measures the servers while somebody commits beside them: nothing, what no question
// is about, edits of what they are about, and new nodes.
func storm(ctx context.Context, o *askOptions, w io.Writer) (err error) {
	b, err := o.open(ctx, w, "peer", "entangle", "off", "stale")
	if err != nil {
		return err
	}
	for _, s := range b.servers {
		s.http.Timeout = 2 * patience
	}
	defer func() { err = errors.Join(err, b.driver.Close(ctx)) }()
	if err := b.findMembers(ctx); err != nil {
		return err
	}
	modes := []mode{
		{name: "peer", server: b.servers["peer"], warm: true},
		{name: "entangle", server: b.servers["entangle"], warm: true},
		{name: "off", server: b.servers["off"], warm: true},
		{name: "stale", server: b.servers["stale"], warm: true},
	}
	fmt.Fprintf(w, "\n%d connections, turns of %s each, in turn, of the first %d ids; load average before: %s\n", b.connections, b.turn, b.pool, loadAverage())
	fmt.Fprintf(w, "seen after: median and longest time from a commit to the look-up that shows it\n")
	for _, q := range questions {
		fmt.Fprintf(w, "\n%s\n%-16s %-9s %9s %15s %9s %8s  %s\n", q.name, "commits", "", "req/s", "CPU ms/request", "of Neo4j", "ratio", "seen after")
		if err := b.weather(ctx, q, modes, "none", nil, 0); err != nil {
			return err
		}
		for _, kind := range commits {
			for _, rate := range rates {
				if err := b.weather(ctx, q, modes, fmt.Sprintf("%s %g/s", kind.name, rate), kind.of, rate); err != nil {
					return err
				}
			}
		}
	}
	b.foot()
	return nil
}

// weather measures all servers in one kind of weather.
func (b *bench) weather(ctx context.Context, q question, modes []mode, name string, kinds []commit, rate float64) error {
	var peer float64
	for _, m := range modes {
		got, g, err := b.stormy(ctx, q, m, kinds, rate)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed := ""
		if err != nil { // what a server does not manage is a result as well
			failed = fmt.Sprintf("  failed: %.160s", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		if m.server.peer {
			peer = got.rate()
		}
		made := ""
		if g.rate > 0 && float64(g.made) < 0.8*g.rate*got.took.Seconds() {
			made = fmt.Sprintf("  (%.1f commits/s)", float64(g.made)/got.took.Seconds())
		}
		fmt.Fprintf(b.w, "%-16s %-9s %9.0f %15.2f %9.2f %7.1f×  %s%s\n", name, m.name, got.rate(), got.perRequest(got.cpu), got.perRequest(got.neo4j), got.rate()/peer, g.shown(), made+failed)
		name = ""
	}
	return nil
}

// stormy takes one turn of a server while commits are made, after each id was asked for once.
func (b *bench) stormy(ctx context.Context, q question, m mode, kinds []commit, rate float64) (tally, *gale, error) {
	ids := b.ids(q, m)
	_, before := m.server.load(ctx, q, ids, b.askOptions, true)
	g := &gale{bench: b, server: m.server, kinds: kinds, rate: rate}
	ended := make(chan error, 1)
	blowing, still := context.WithCancel(ctx)
	defer still()
	if rate > 0 {
		go func() { ended <- g.blow(blowing) }()
	} else {
		ended <- nil
	}
	got, err := b.measured(ctx, q, m, ids)
	still()
	return got, g, errors.Join(before, err, <-ended)
}
