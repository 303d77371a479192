// Command neo4j is the parts of the benchmark against @neo4j/graphql that are
// written in Go; the script run beside it puts them together.
//
//	neo4j generate [-persons N] [-seed N] DIR    write nodes.csv and ties.csv
//	neo4j loadcsv [-how MANNER] ADDRESS          load the files of the server's import folder by LOAD CSV
//	neo4j ask -entangle URL -off URL -peer URL -neo4j ADDRESS   compare answers, then measure requests a second
//	neo4j distinct …                             the same of distinct entities, for both stores
//	neo4j storm …                                the same while others commit
//	neo4j open [-binary PROGRAM] STORE           measure how long serve takes until it is ready
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
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

var errUsage = errors.New("usage: neo4j generate|loadcsv|ask|distinct|storm|open …")

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
		o := flagsOf(flags, ours("entangle"), ours("off"), peerServer())
		if err := parse(flags, args[1:], 0); err != nil {
			return err
		}
		return ask(ctx, o, w)
	case "distinct":
		o := distinctOptions{askOptions: flagsOf(flags, ours("entangle"), ours("embedded"), peerServer())}
		flags.IntVar(&o.distinct, "distinct", 20_000, "ids that each question is asked about, where there are so many")
		flags.StringVar(&o.cache, "cache", "", "what the servers were told of their memory, to be printed")
		if err := parse(flags, args[1:], 0); err != nil {
			return err
		}
		return distinct(ctx, o, w)
	case "storm":
		o := flagsOf(flags, ours("entangle"), ours("off"), ours("stale"), peerServer())
		if err := parse(flags, args[1:], 0); err != nil {
			return err
		}
		return storm(ctx, o, w)
	case "open":
		o := openOptions{}
		flags.StringVar(&o.binary, "binary", "entangle", "the `PROGRAM`")
		flags.IntVar(&o.times, "times", 3, "how often it is opened")
		if err := parse(flags, args[1:], 1); err != nil {
			return err
		}
		o.store = flags.Arg(0)
		return opening(ctx, o, w)
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
