package queries

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"entangle/graph"
	"entangle/graph/projection"
)

// Method says how an answer was reached.
type Method string

// The methods.
const (
	// Sampled: worlds were drawn; probabilities have an interval.
	Sampled Method = "SAMPLED"
	// Exact: every world was gone through; probabilities are exact.
	Exact Method = "EXACT"
	// Auto: exact where at most MaxExact coins matter, sampled else.
	Auto Method = "AUTO"
)

// MaxExact is the number of coins up to which every world is gone through.
const MaxExact = 20

// MaxSamples bounds the worlds of one question.
const MaxSamples = 1 << 24

// DefaultSamples gives a half-width of at most 1.6 percentage points.
const DefaultSamples = 4096

// PurgeInput is the question.
type PurgeInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	Params  Params
	// Method is Auto where empty.
	Method Method
	// Samples is the number of worlds, DefaultSamples where 0.
	Samples int
	Seed    uint64
	// Explain is the number of institutions, the worst first, for which a
	// witness is worked out.
	Explain int
	// Workers is the number of goroutines, one a processor where 0. It never
	// changes the answer.
	Workers int
	// Progress, where not nil, is called with the worlds done, from any
	// goroutine, never after Purge has returned.
	Progress func(done, total int)
}

// Purge answers which institutions the purge would fracture. It fails with
// ErrInput or ErrUnknown for a question that cannot be asked and with ctx.Err()
// when the context ends. The cost grows linearly in worlds and in the ties that
// the purge touches.
func Purge(ctx context.Context, s *projection.Snapshot, in PurgeInput) (*PurgeReport, error) {
	targets, err := in.check(s)
	if err != nil {
		return nil, err
	}
	m := newModel(s, in.Params, targets)
	listed := m.listCoins()
	exact := in.Method == Exact || in.Method == Auto && len(listed.order) <= MaxExact
	if in.Method == Exact && len(listed.order) > MaxExact {
		return nil, fmt.Errorf("%w: %d uncertain ties and responses matter, exact answers go to %d", ErrInput, len(listed.order), MaxExact)
	}
	var t *tally
	source := in.sampledCoins
	if exact {
		source = func(block uint64) coins { return listed.enumerate(block) }
		t, err = in.enumerate(ctx, m, listed)
	} else {
		t, err = in.sample(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	r := report(m, in, t, exact, len(listed.order))
	if err := explain(ctx, m, r, t, source, in.Explain); err != nil {
		return nil, err
	}
	return r, nil
}

func (in *PurgeInput) sampledCoins(block uint64) coins { return sampledCoins(in.Seed, block) }

func (in *PurgeInput) check(s *projection.Snapshot) ([]int32, error) {
	if in.Method == "" {
		in.Method = Auto
	}
	if in.Samples == 0 {
		in.Samples = DefaultSamples
	}
	switch {
	case len(in.Targets) == 0:
		return nil, fmt.Errorf("%w: a purge names at least one group, person or post", ErrInput)
	case !slices.Contains([]Method{Auto, Sampled, Exact}, in.Method):
		return nil, fmt.Errorf("%w: method %q (AUTO, SAMPLED or EXACT)", ErrInput, in.Method)
	case in.Samples < 1 || in.Samples > MaxSamples:
		return nil, fmt.Errorf("%w: %d samples (1 to %d)", ErrInput, in.Samples, MaxSamples)
	}
	if err := in.Params.verify(); err != nil {
		return nil, err
	}
	var targets []int32
	for _, id := range in.Targets {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: target %q", ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Group, graph.Person, graph.Post:
		default:
			return nil, fmt.Errorf("%w: target %q is a %s; a purge strikes groups, persons or posts", ErrInput, id, s.Kind(node))
		}
		targets = append(targets, node)
	}
	slices.Sort(targets)
	return slices.Compact(targets), nil
}

// sample simulates the worlds, blocks shared out among the workers.
func (in *PurgeInput) sample(ctx context.Context, m *model) (*tally, error) {
	blocks := int64((in.Samples + worlds - 1) / worlds)
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = int(min(int64(workers), blocks))
	var next, done atomic.Int64
	tallies := make([]*tally, workers)
	var wg sync.WaitGroup
	for i := range tallies {
		wg.Go(func() {
			t, b := newTally(), newBlock(m)
			tallies[i] = t
			for n := next.Add(1) - 1; n < blocks && ctx.Err() == nil; n = next.Add(1) - 1 {
				lanes := all
				if rest := int64(in.Samples) - n*worlds; rest < worlds {
					lanes = 1<<rest - 1
				}
				b.run(in.sampledCoins(uint64(n)))
				t.add(b, n, lanes, func(int) float64 { return 1 })
				if in.Progress != nil {
					in.Progress(int(min(done.Add(worlds), int64(in.Samples))), in.Samples)
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	return tallies[0], nil
}

// listCoins finds the coins that may matter: those asked for in a world where
// every uncertain thing happens. Losses only grow, so no other world asks for
// more.
func (m *model) listCoins() *listing {
	l := &listing{chances: map[coinKey]uint64{}}
	b := newBlock(m)
	b.everything = true
	b.run(l)
	return l
}

func (l *listing) enumerate(block uint64) enumerated {
	e := enumerated{bit: make(map[coinKey]int, len(l.order)), block: block, missed: new(bool)}
	for i, k := range l.order {
		e.bit[k] = i
	}
	return e
}

// enumerate goes through every world, weighted by its probability.
func (in *PurgeInput) enumerate(ctx context.Context, m *model, l *listing) (*tally, error) {
	total := int64(1) << len(l.order)
	t, b := newTally(), newBlock(m)
	coins := l.enumerate(0)
	for n := int64(0); n*worlds < total; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		lanes := all
		if total < worlds {
			lanes = 1<<total - 1
		}
		coins.block = uint64(n)
		b.run(coins)
		t.add(b, n, lanes, func(w int) float64 { return l.probability(n*worlds + int64(w)) })
		if in.Progress != nil {
			in.Progress(int(min((n+1)*worlds, total)), int(total))
		}
	}
	if *coins.missed {
		return nil, errMissedCoin
	}
	return t, nil
}

// probability of a world: the product over its coins.
func (l *listing) probability(world int64) float64 {
	p := 1.0
	for i, k := range l.order {
		happens := math.Ldexp(float64(l.chances[k]), -32)
		if world>>i&1 == 0 {
			happens = 1 - happens
		}
		p *= happens
	}
	return p
}
