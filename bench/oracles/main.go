// Command oracles answers known questions with the functions of entangle and writes
// questions and answers as JSON, so that compare.py can ask the same of libraries that
// others wrote; the script run beside it does both.
//
//	oracles [-seed N] [-graphs N]
package main

import (
	"context"
	"encoding/json"
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
		fmt.Fprintln(os.Stderr, "oracles:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("oracles", flag.ContinueOnError)
	seed := flags.Uint64("seed", 1, "seed of the random graphs and numbers")
	graphs := flags.Int("graphs", 40, "number of random graphs of each kind")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *graphs < 0 {
		return errors.New("usage: oracles [-seed N] [-graphs N]")
	}
	d, err := answered(ctx, *seed, *graphs)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(d)
}

// document is all that is compared.
type document struct {
	Seed     uint64        `json:"seed"`
	Networks []networkData `json:"networks"`
	Checks   []check       `json:"checks"`
}

// networkData is a graph: simple, nodes numbered from 0.
type networkData struct {
	Name     string     `json:"name"`
	Random   bool       `json:"random"`
	Directed bool       `json:"directed"`
	Nodes    int        `json:"nodes"`
	Edges    [][2]int32 `json:"edges"`
}

// check is one question with our answer; what Input and Ours hold goes by the quantity.
type check struct {
	Quantity string          `json:"quantity"`
	Network  string          `json:"network,omitempty"` // the graph asked about, if one is
	Input    json.RawMessage `json:"input,omitempty"`
	Ours     json.RawMessage `json:"ours"`
}

// add puts a question and its answer into the document.
func add[I, O any](d *document, quantity, network string, input I, ours O) error {
	in, err := json.Marshal(input)
	if err != nil {
		return err
	}
	out, err := json.Marshal(ours)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", quantity, network, err)
	}
	d.Checks = append(d.Checks, check{Quantity: quantity, Network: network, Input: in, Ours: out})
	return nil
}

// answered asks everything.
func answered(ctx context.Context, seed uint64, graphs int) (*document, error) {
	d := &document{Seed: seed}
	for _, part := range []func(context.Context, *document, int) error{ofNetworks, ofStatistics, ofCascades, ofConnections, ofClosures, ofOwn} {
		if err := part(ctx, d, graphs); err != nil {
			return nil, err
		}
	}
	return d, nil
}
