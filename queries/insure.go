package queries

import (
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// MeasureKind is a way to be ready for a purge.
type MeasureKind string

// The kinds of measures.
const (
	// Successor: one is named for a post, so that losing its holders does not
	// vacate it.
	Successor MeasureKind = "SUCCESSOR"
	// Ally: a group is won over and does not rally. It can still be struck.
	Ally MeasureKind = "ALLY"
	// Coalition: a group gets seats, and neither it nor any group that is part or a
	// wing of it rallies.
	Coalition MeasureKind = "COALITION"
	// Stream: a revenue stream is guaranteed, whoever holds it.
	Stream MeasureKind = "STREAM"
	// Provider: an institution is doubled as a provider, so that those who depend on
	// it do not lose its share when it fractures.
	Provider MeasureKind = "PROVIDER"
)

// MeasureKinds returns every kind.
func MeasureKinds() []MeasureKind { return []MeasureKind{Successor, Ally, Coalition, Stream, Provider} }

// InsureInput asks what to have in place before a purge. Start from DefaultInsure.
type InsureInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	// Limit is the largest mean fractured weight of the worst worlds that is accepted.
	Limit float64
	// Level is the share of worlds that are not among the worst: with 0.9 the worst tenth
	// count.
	Level float64
	// Size is the largest number of measures.
	Size int
	// Kinds of measures that may be taken; empty for all.
	Kinds   []MeasureKind
	Weights Weights
	Params  worlds.Params
	// Search is the number of worlds in which measures are searched for.
	Search int
	// Draw: the worlds in which the result is estimated, by default DefaultSamples. Their
	// seed is derived from that of the search.
	worlds.Draw
}

const (
	// maxAlone is the number of measures that are tried alone: those against what happens
	// most often. maxOptions is the number of measures of which sets are tried: those that
	// help most alone.
	maxAlone   = 400
	maxOptions = 20
	// exhaustiveSize is the size up to which every set of them is tried.
	exhaustiveSize = 3
)

// InsureReport is the answer.
type InsureReport struct {
	// Basis of the estimates; the search drew SearchSamples worlds with SearchSeed,
	// 0 where it went through every world.
	Basis         Basis
	SearchSeed    uint64
	SearchSamples int
	Targets       []Ref
	// Limit, Level, Size, Kinds and Weights are those of the question.
	Limit, Level float64
	Size         int
	Kinds        []MeasureKind
	Weights      Weights
	// OwnInstitutions are those that are counted as the targets' own, by id.
	OwnInstitutions []Ref
	// Tail is the mean fractured weight of the worst worlds without any measure,
	// Expected that of all worlds. OwnExpected is that of what is the targets' own: it is
	// in no other figure.
	Tail, Expected, OwnExpected estimate.Amount
	// Measures in order: each is the one that helps most after those before it.
	Measures []MeasureTaken
	// Verdict says whether the tail with all measures is within the limit, by its
	// interval.
	Verdict Verdict
	// Searched is that tail in the worlds of the search. The measures were chosen by these
	// worlds, so Searched is biased and has no interval.
	Searched float64
	// Optimality: EXACT where in the worlds of the search no smaller set keeps to the
	// limit and none of the same size has a smaller tail.
	Optimality Optimality
	// Options are single measures, those that help most first; OptionCount is how many there
	// are. Sets were tried of the first of them only.
	Options     []Option
	OptionCount int
	// Sets is the number of sets that were simulated.
	Sets int
}

// Option is one measure and what it does alone, in the worlds of the search.
type Option struct {
	Kind MeasureKind
	// Node is the post, group, stream or institution.
	Node Ref
	// Institution that a post is in; its ID is empty for other nodes.
	Institution Ref
	// Happens is the probability of what it guards against: that the post is
	// vacated, the group rallies, the stream is cut, the provider fractures.
	Happens estimate.Estimate
	// Tail and Expected weight with this measure alone.
	Tail, Expected estimate.Amount
}

// MeasureTaken is a measure of the set that was found.
type MeasureTaken struct {
	Option
	// TailAfter, ExpectedAfter and OwnExpectedAfter are with this measure and those before it.
	TailAfter, ExpectedAfter, OwnExpectedAfter estimate.Amount
}

// Insure answers which measures keep the damage of a purge within a limit: the smallest set
// that keeps the mean fractured weight of the worst worlds (the conditional value at risk)
// within it. Where no set does, it is the best that was found. It fails with ErrInput or
// ErrUnknown for a question that cannot be asked and with ctx.Err() when the context ends.
//
// Every measure guards against something that the purge takes in some world of the search.
// Every set of up to three of the twenty measures that help most alone is simulated. Larger
// sets are grown by one measure at a time, with exchanges.
func Insure(ctx context.Context, s *projection.Snapshot, in InsureInput) (*InsureReport, error) {
	n, err := newInsuring(s, in)
	if err != nil {
		return nil, err
	}
	if n.m == nil {
		return n.unplanned(ctx, s)
	}
	if err := n.find(ctx); err != nil {
		return nil, err
	}
	best, exact, err := n.choose(ctx)
	if err != nil {
		return nil, err
	}
	return n.report(ctx, best, exact)
}

// insuring is the state of one question while it is answered. Measures are numbered as in
// options.
type insuring struct {
	in            InsureInput
	m             *worlds.Model
	missing       Missing // of the targets
	counts        ledger
	search, fresh worlds.Draw
	options       []option
	found         int // options before the list was cut
	cut           bool
	tried         map[string]*insured
	base          *insured
	seen          worlds.Settled // in all runs
}

// option is a measure with the nodes that it guards.
type option struct {
	Option
	node   int32
	guards []int32
	worlds float64
	alone  *insured // the set of nothing else
}

// insured is a set of measures, with what the purge does in the worlds of the search when
// they are in place.
type insured struct {
	set        []int32
	tail, mean float64
	toll       *toll // of a single measure
}

func newInsuring(s *projection.Snapshot, in InsureInput) (*insuring, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, err
	}
	if err := in.verify(s); err != nil {
		return nil, err
	}
	targets, err := targetsOf(s, in.Targets)
	if err != nil {
		return nil, err
	}
	n := &insuring{in: in, tried: map[string]*insured{}, seen: worlds.Settled{Converged: true}}
	if n.counts, err = in.Weights.ledger(s, &in.Params, targets); err != nil {
		return nil, err
	}
	if targets = n.missing.present(s, targets); len(targets) == 0 {
		return n, nil
	}
	n.m = worlds.NewModel(s, in.Params, aimed(targets)...)
	n.search, n.fresh, err = in.ForSearch(n.m, maxSearched, in.Search)
	return n, err
}

func (in *InsureInput) verify(s *projection.Snapshot) error {
	for _, k := range in.Kinds {
		if !slices.Contains(MeasureKinds(), k) {
			return fmt.Errorf("%w: measure %q (one of %v)", worlds.ErrInput, k, MeasureKinds())
		}
	}
	switch {
	case !(in.Limit >= 0):
		return fmt.Errorf("%w: limit %g is negative", worlds.ErrInput, in.Limit)
	case !(in.Level >= 0 && in.Level <= 0.999):
		return fmt.Errorf("%w: level %g is outside 0 to 0.999", worlds.ErrInput, in.Level)
	case in.Size < 1 || in.Size > MaxSize:
		return fmt.Errorf("%w: %d measures (1 to %d)", worlds.ErrInput, in.Size, MaxSize)
	case in.Search < 1 || in.Search > worlds.MaxSamples:
		return fmt.Errorf("%w: %d worlds of the search (1 to %d)", worlds.ErrInput, in.Search, worlds.MaxSamples)
	}
	return in.Params.Verify(s)
}

// kinds are those of measures that may be taken.
func (n *insuring) kinds() []MeasureKind {
	if len(n.in.Kinds) == 0 {
		return MeasureKinds()
	}
	return n.in.Kinds
}

// offered says whether a kind of measure may be taken.
func (n *insuring) offered(k MeasureKind) bool {
	return slices.Contains(n.kinds(), k)
}

// report estimates the set that was found, in worlds that the search did not use.
func (n *insuring) report(ctx context.Context, best *insured, exact bool) (*InsureReport, error) {
	order, err := n.inOrder(ctx, best.set)
	if err != nil {
		return nil, err
	}
	sets := [][]int32{nil}
	for i := range order {
		sets = append(sets, order[:i+1])
	}
	list, c, err := n.tolls(ctx, &n.fresh, sets)
	if err != nil {
		return nil, err
	}
	exactly := c.Exact()
	tail := func(i int) estimate.Amount { return list[i].tail(n.in.Level, exactly, &n.counts) }
	mean := func(i int) estimate.Amount { return list[i].expected(exactly, &n.counts) }
	own := func(i int) estimate.Amount { return list[i].ownExpected(exactly, &n.counts) }
	r := &InsureReport{
		Basis: basisOf(c, n.m), SearchSeed: n.search.Seed, SearchSamples: n.search.Samples,
		Limit: n.in.Limit, Level: n.in.Level, Size: n.in.Size, Kinds: n.kinds(), Weights: n.in.Weights, OwnInstitutions: n.counts.owned,
		Targets: namedRefs(n.m.Snapshot, n.in.Targets), Tail: tail(0), Expected: mean(0), OwnExpected: own(0), Searched: best.tail,
		Optimality: HeuristicSearch, OptionCount: n.found, Sets: len(n.tried),
	}
	if exactly {
		r.SearchSamples = 0
	}
	r.Basis.Converged, r.Basis.Circling, r.Basis.Missing = n.seen.Converged, n.seen.Circling, n.missing
	if exact && n.seen.Converged {
		r.Optimality = ExactSearch
	}
	for i, o := range order {
		r.Measures = append(r.Measures, MeasureTaken{Option: n.options[o].Option, TailAfter: tail(i + 1), ExpectedAfter: mean(i + 1), OwnExpectedAfter: own(i + 1)})
	}
	last := tail(len(order))
	r.Verdict = verdictOn(last.Low, last.High, n.in.Limit)
	for _, o := range n.options {
		r.Options = append(r.Options, o.Option)
	}
	return r, nil
}

// model is the purge under a set of measures.
func (n *insuring) model(set []int32) *worlds.Model {
	var guards []int32
	for _, o := range set {
		guards = append(guards, n.options[o].guards...)
	}
	return n.m.Guarding(guards...)
}

func (n *insuring) tolls(ctx context.Context, d *worlds.Draw, sets [][]int32) ([]*toll, *worlds.Course, error) {
	p := &worlds.Purges{Widest: []*worlds.Model{n.m}}
	for _, set := range sets {
		p.Cases = append(p.Cases, n.model(set))
	}
	list, c, err := tolls(ctx, p, d, &n.counts)
	if err == nil {
		n.seen.Also(c.Settled)
	}
	return list, c, err
}
