// Command neo4j is the parts of the benchmark against @neo4j/graphql that are
// written in Go; the script run beside it puts them together.
//
//	neo4j generate [-persons N] [-seed N] DIR    write nodes.csv and ties.csv
//	neo4j loadcsv [-how MANNER] ADDRESS          load the files of the server's import folder by LOAD CSV
//	neo4j ask -entangle URL -off URL -peer URL -neo4j ADDRESS   compare answers, then measure requests a second
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "neo4j:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: neo4j generate|loadcsv|ask …")

func run(ctx context.Context, args []string, w io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet("neo4j "+args[0], flag.ContinueOnError)
	switch args[0] {
	case "generate":
		persons := flags.Int("persons", 100_000, "number of persons; ties are three and a half times as many")
		seed := flags.Uint64("seed", 1, "seed of the generator")
		if err := parse(flags, args[1:], 1); err != nil {
			return err
		}
		return generateInto(flags.Arg(0), shapeOf(*persons), *seed, w)
	case "loadcsv":
		how := flags.String("how", string(bare), "`MANNER`: bare creates the columns, merge finds what is there already, same creates what entangle does")
		if err := parse(flags, args[1:], 1); err != nil {
			return err
		}
		return loadCSV(ctx, flags.Arg(0), manner(*how), w)
	case "ask":
		o := askOptions{}
		flags.StringVar(&o.entangle, "entangle", "", "GraphQL `URL` of entangle")
		flags.StringVar(&o.off, "off", "", "GraphQL `URL` of an entangle that keeps nothing in memory")
		flags.StringVar(&o.peer, "peer", "", "GraphQL `URL` of the peer")
		flags.StringVar(&o.neo4j, "neo4j", "", "Bolt `ADDRESS` of their Neo4j")
		for i, name := range []string{"entangle", "off", "peer", "neo4j"} {
			flags.IntVar(&o.pids[i], name+"-pid", 0, "`ID` of the process, to measure its CPU time")
		}
		flags.IntVar(&o.connections, "connections", 8, "requests at a time")
		flags.DurationVar(&o.turn, "turn", 4*time.Second, "how long one server is asked before it is the other's turn")
		flags.IntVar(&o.rounds, "rounds", 3, "turns of each server for each question")
		flags.IntVar(&o.pool, "pool", 200, "ids that each question is asked about when they are in memory")
		flags.IntVar(&o.sample, "sample", 40, "ids of each question for which the answers are compared")
		flags.IntVar(&o.persons, "persons", 100_000, "number of persons in the data")
		flags.Uint64Var(&o.seed, "seed", 1, "seed of the order in which ids are asked for")
		if err := parse(flags, args[1:], 0); err != nil {
			return err
		}
		return ask(ctx, o, w)
	}
	return fmt.Errorf("%w: no command %q", errUsage, args[0])
}

func parse(flags *flag.FlagSet, args []string, want int) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != want {
		return fmt.Errorf("%w: %s wants %d arguments", errUsage, flags.Name(), want)
	}
	return nil
}
