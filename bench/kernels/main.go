// Command kernels measures the kernels of the queries, and puts what it measured beside
// what Python's graph libraries take for the same on the same files; the script run
// beside it puts the parts together.
//
//	kernels generate DIR                     write the graphs, and the state, that peers read too
//	kernels components DIR                   connected components of what is left of a graph
//	kernels cascade [-worlds N] DIR          an independent cascade from one node
//	kernels purge [-persons N] [-worlds N]   a full purge in a made-up state
//	kernels entanglement [-persons N] …      of each of its sixty groups
//	kernels table < FIGURES                  the figures as tables, with ratios and growth
//
// Figures are JSON, one a line.
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
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: kernels generate|components|cascade|purge|entanglement|table [-persons N] [-worlds N] [DIR]")

func run(ctx context.Context, args []string, r io.Reader, w io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet("kernels "+args[0], flag.ContinueOnError)
	persons := flags.Int("persons", 100_000, "number of persons; ties are about 3.6 times as many")
	worlds := flags.Int("worlds", 1024, "number of worlds")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "generate":
		if err := generate(flags.Arg(0)); err != nil {
			return err
		}
		return writeState(ctx, flags.Arg(0))
	case "components":
		return components(ctx, flags.Arg(0), w)
	case "cascade":
		return cascade(ctx, flags.Arg(0), *worlds, w)
	case "purge":
		return purge(ctx, *persons, *worlds, w)
	case "entanglement":
		return entanglement(ctx, *persons, *worlds, w)
	case "table":
		return table(r, w)
	}
	return errUsage
}
