// Command price fits what questions cost: it asks each in several ways, of the sample and of
// a made-up state, takes the processor time of each, and fits the two numbers of the
// question's row in queries.Questions to it. It prints both, the numbers of the table and
// how far each measured time is from the price that the table has, and fails where that is
// more than a factor of four off for anything over ten milliseconds.
//
//	price [-persons N] [-only NAME]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"entangle/bench/madeup"
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/schema/questions"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "price:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, w, progress io.Writer) error {
	flags := flag.NewFlagSet("price", flag.ContinueOnError)
	persons := flags.Int("persons", 100_000, "number of persons of the made-up state")
	only := flags.String("only", "", "measure this question alone")
	if err := flags.Parse(args); err != nil {
		return err
	}
	places, err := allPlaces(ctx, *persons)
	if err != nil {
		return err
	}
	var list []measured
	for _, row := range queries.Questions() {
		if *only != "" && row.Name != *only {
			continue
		}
		for _, p := range places {
			for _, c := range p.ways(row) {
				m, err := measure(ctx, row, p, c)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", row.Name, c.name, err)
				}
				list = append(list, m)
				fmt.Fprintf(progress, "%s, %s, %s: %s ms\n", row.Name, p.name, c.name, short(m.units/10))
			}
		}
	}
	return table(w, list)
}

// place is a picture, with an earlier one for questions about two days, and whom to ask
// about in it.
type place struct {
	name     string
	pictures []*projection.Snapshot
	size     queries.Size
	about    subjects
}

func allPlaces(ctx context.Context, persons int) ([]place, error) {
	var out []place
	for _, p := range []struct {
		name  string
		take  func(context.Context) ([]*projection.Snapshot, error)
		about subjects
	}{
		{"sample", sampleSnapshots, sampleAbout},
		{fmt.Sprintf("%d persons", persons), func(ctx context.Context) ([]*projection.Snapshot, error) { return madeUp(ctx, persons) }, largeAbout},
		{"20 coins", func(context.Context) ([]*projection.Snapshot, error) { return coinsSnapshots(0) }, coinsAbout},               //nolint:contextcheck // a batch takes none
		{"20 coins in 960 ties", func(context.Context) ([]*projection.Snapshot, error) { return coinsSnapshots(300) }, coinsAbout}, //nolint:contextcheck // the same
	} {
		pictures, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		s := pictures[len(pictures)-1]
		out = append(out, place{name: p.name, pictures: pictures, size: questions.SizeOf(s), about: p.about})
	}
	return out, nil
}

func madeUp(ctx context.Context, persons int) (out []*projection.Snapshot, err error) {
	for _, day := range []graph.Day{madeup.Day - 365, madeup.Day} {
		s, err := madeup.Of(persons).On(ctx, day)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// measured is one way of asking, with its processor time in units of a price.
type measured struct {
	row         queries.Question
	place, name string
	cost        queries.Cost
	// factor is what the rate is multiplied with.
	factor float64
	units  float64
}

// rounds is how often what is quick is asked, and quick how many units that is.
const (
	rounds = 3
	quick  = 5000
)

// measure asks, again where that was quick, and takes the least.
func measure(ctx context.Context, row queries.Question, p place, c way) (measured, error) {
	m := measured{row: row, place: p.name, name: c.name, cost: row.Cost(c.in, p.size)}
	const rate = 1e9 // so that no price is rounded up to one
	plain := row
	plain.Base, plain.Rate = 0, rate
	m.factor = plain.Cost(c.in, p.size).Units / rate
	for range rounds {
		runtime.GC()
		before := processor()
		if _, err := row.Ask(ctx, p.pictures[len(p.pictures)-row.Days:], c.in); err != nil {
			return m, err
		}
		units := (processor() - before).Seconds() * 1e4
		if m.units == 0 || units < m.units {
			m.units = units
		}
		if units > quick {
			break
		}
	}
	return m, nil
}

// processor is the time that the process has taken, of user and system.
func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for the process itself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
