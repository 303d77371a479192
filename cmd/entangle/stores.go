package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/data"
	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/loaders"
	"entangle/loaders/all"
)

// storeFlags say which store a command works on.
type storeFlags struct {
	store  string
	sample bool
	neo4j  neo4jFlags
}

const defaultStore = "entangle.db"

func (f *storeFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.store, "store", defaultStore, "the `STORE`: a file, or a Neo4j at bolt://host:port or neo4j://host:port")
	f.neo4j.add(flags, "")
}

func (f *storeFlags) addSample(flags *pflag.FlagSet) {
	f.add(flags)
	flags.BoolVar(&f.sample, "sample", false, "use the sample of Iraq, in a fresh store: one for this command, or the new file that --store names")
}

// open opens the store that the flags name. A file must be there unless create
// is set. done closes the store and removes what was made for the command only.
func (a *app) open(ctx context.Context, f storeFlags, named, create bool) (s graph.Store, done func() error, err error) {
	if f.sample && !named {
		return a.openSample(ctx)
	}
	if f.sample {
		if isAddress(f.store) {
			return nil, nil, usage.Error{Err: fmt.Errorf("--sample wants a fresh file, not %s: load the sample's files there, or leave --store out", f.store)}
		}
		if _, err := os.Stat(f.store); err == nil {
			return nil, nil, usage.Error{Err: fmt.Errorf("--sample wants a fresh store, but %s is there: leave --store out, or name a new file", f.store)}
		}
		create = true
	}
	s, err = a.openStore(ctx, f.store, f.neo4j, create)
	if err != nil {
		return nil, nil, err
	}
	if f.sample {
		if err := loadSample(ctx, s); err != nil {
			return nil, nil, errors.Join(err, s.Close())
		}
	}
	return s, s.Close, nil
}

// withStore runs a command that only reads on the store that the flags name, as
// somebody of a clearance. What others have written there is taken in first.
func (a *app) withStore(ctx context.Context, flags *pflag.FlagSet, f storeFlags, clearance string, run func(ctx context.Context, s graph.Store, clearance graph.Marking) error) error {
	return a.withOpenStore(ctx, flags, f, clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		if err := settled(ctx, s); err != nil {
			return err
		}
		return run(ctx, s, clearance)
	})
}

// settled has a store take in what others have written, where it does.
func settled(ctx context.Context, s graph.Store) error {
	if a, ok := s.(graph.Adopting); ok {
		return a.Settle(ctx)
	}
	return nil
}

// withOpenStore is withStore for a command that stays, beside which the store takes in what
// others write.
func (a *app) withOpenStore(ctx context.Context, flags *pflag.FlagSet, f storeFlags, clearance string, run func(ctx context.Context, s graph.Store, clearance graph.Marking) error) error {
	marking, err := graph.ParseMarking(clearance)
	if err == nil && strings.TrimSpace(clearance) == "" { // to data that means CLEAR
		err = errors.New("empty (one of CLEAR, GREEN, AMBER, AMBER+STRICT, RED)")
	}
	if err != nil {
		return usage.Error{Err: fmt.Errorf("--clearance: %w", err)}
	}
	s, done, err := a.open(ctx, f, flags.Changed("store"), false)
	if err != nil {
		return err
	}
	return errors.Join(run(ctx, s, marking), done())
}

// openStore is the one list of stores: an address says which one it is.
func (a *app) openStore(ctx context.Context, address string, neo4j neo4jFlags, create bool) (graph.Store, error) {
	scheme, _, found := strings.Cut(address, "://")
	switch {
	case !found:
		if address == "" {
			return nil, usage.Error{Err: errors.New("--store: empty: a file name, bolt://host:port or neo4j://host:port")}
		}
		if _, err := os.Stat(address); errors.Is(err, fs.ErrNotExist) && !create {
			return nil, fmt.Errorf("no store at %s: load data into it first (entangle load FILE…), or use --sample", address)
		}
		if neo4j.cache == 0 {
			return sqlitestore.Open(ctx, address)
		}
		return sqlitestore.Open(ctx, address, sqlitestore.WithMemory(max(0, neo4j.cache)))
	case isNeo4j(scheme):
		return a.openNeo4j(ctx, address, neo4j)
	default:
		return nil, usage.Error{Err: fmt.Errorf("--store %s: no store is known by %q (a file name, bolt://host:port, neo4j://host:port)", address, scheme)}
	}
}

// isAddress tells an address from the name of a file.
func isAddress(store string) bool { return strings.Contains(store, "://") }

// openSample loads the sample into a store that lives as long as the command.
func (a *app) openSample(ctx context.Context) (graph.Store, func() error, error) {
	dir, err := os.MkdirTemp("", "entangle-sample-")
	if err != nil {
		return nil, nil, err
	}
	s, err := a.openStore(ctx, filepath.Join(dir, "sample.db"), neo4jFlags{}, true)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	done := func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) }
	if err := loadSample(ctx, s); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return s, done, nil
}

// loadSample loads the sample whole: a record that is rejected is a fault of
// the program.
func loadSample(ctx context.Context, s graph.Store) error {
	var inputs []loaders.Input
	for _, name := range []string{"nodes.csv", "ties.csv"} {
		text, err := fs.ReadFile(data.Iraq(), name)
		if err != nil {
			return err
		}
		inputs = append(inputs, loaders.Bytes(name, text))
	}
	report, err := loaders.Run(ctx, s, all.Registry(), inputs, loaders.Options{Dataset: "iraq-sample"})
	if err != nil {
		return fmt.Errorf("loading the sample: %w", err)
	}
	if n := report.Rows().Rejected; n > 0 {
		return fmt.Errorf("loading the sample: %d of its records rejected", n)
	}
	return nil
}
