package storecopy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"entangle/graph"
)

// Sentinels that errors of this package wrap.
var (
	// ErrForeign: the target holds what the source does not.
	ErrForeign = errors.New("the target holds other data")
	// ErrChanged: the source was written to while it was read.
	ErrChanged = errors.New("the source changed meanwhile")
	// ErrDiffer: two stores do not hold the same.
	ErrDiffer = errors.New("the contents differ")
)

// DefaultBatchSize is the number of nodes or ties that are applied at once.
const DefaultBatchSize = 5_000

// Options of a copy. The zero value is ready for use.
type Options struct {
	// BatchSize bounds a batch; 0 is DefaultBatchSize.
	BatchSize int
	// Progress, where not nil, is told how many of the nodes and ties were read,
	// and what is done with them: "copying" or "comparing".
	Progress func(what string, done, total int)
}

func (o Options) tell(what string, done, total int) {
	if o.Progress != nil {
		o.Progress(what, done, total)
	}
}

// Report says what a copy did.
type Report struct {
	// Applied sums the batches; what was there already counts as same.
	Applied graph.Applied
	// Content is what both stores hold now.
	Content Content
}

// Copy copies everything, whatever its marking and status, and compares the two
// stores afterwards. What cites a source that was deleted goes over as it is. Nodes
// and ties go over in batches in the order of their ids; a batch that is there already changes nothing, so a copy that was stopped, by
// whatever, is finished by another.
//
// Errors: ErrForeign before anything is written where the target has more than
// the source; ErrChanged and ErrDiffer after the comparison; those of the stores.
// What was applied stays. The report counts up to there.
func Copy(ctx context.Context, from, to graph.Store, o Options) (Report, error) {
	o.BatchSize = cmp.Or(max(o.BatchSize, 0), DefaultBatchSize)
	c := &copier{to: to, opt: o, pending: map[graph.ID]*graph.Batch{}, sources: map[graph.ID]bool{}}
	version, err := c.run(ctx, from)
	if err != nil {
		return c.report, err
	}
	c.report.Content, err = compareStores(ctx, from, to, o)
	if !errors.Is(err, ErrDiffer) {
		return c.report, err
	}
	if now, e := from.Version(ctx); e == nil && now != version {
		err = fmt.Errorf("%w: run the copy again: %w", ErrChanged, err)
	}
	return c.report, err
}

// copier is the state of one copy. Batches wait for their size by the load that
// brought their nodes and ties: a batch speaks for one load.
type copier struct {
	to      graph.Store
	opt     Options
	report  Report
	loads   map[graph.ID]graph.Load
	sources map[graph.ID]bool // those that there are: what else is cited was deleted
	pending map[graph.ID]*graph.Batch
	waiting int
	done    int
	total   int
}

// run copies a view of the source and returns its version.
func (c *copier) run(ctx context.Context, from graph.Store) (graph.Version, error) {
	view, err := from.View(ctx, graph.Red)
	if err != nil {
		return "", err
	}
	err = c.start(ctx, view)
	if err == nil {
		err = c.copy(ctx, view)
	}
	return view.Version(), errors.Join(err, view.Close())
}

// start reads what is needed before, and refuses a target with other data.
func (c *copier) start(ctx context.Context, source graph.Reader) error {
	loads, err := source.Loads(ctx)
	if err != nil {
		return err
	}
	c.loads = make(map[graph.ID]graph.Load, len(loads))
	for _, l := range loads {
		c.loads[l.ID] = l
	}
	ours, err := source.Counts(ctx)
	if err != nil {
		return err
	}
	target, err := c.to.View(ctx, graph.Red)
	if err != nil {
		return err
	}
	nodes, ties := ours.Total()
	c.total = nodes + ties
	return errors.Join(c.fits(ctx, ours, target), target.Close())
}

// fits refuses a target that holds what no earlier copy of the source can have
// brought: another load, or more of something.
func (c *copier) fits(ctx context.Context, source graph.Counts, target graph.Reader) error {
	loads, err := target.Loads(ctx)
	if err != nil {
		return err
	}
	for _, l := range loads {
		if _, ok := c.loads[l.ID]; !ok {
			return fmt.Errorf("%w: the load %s of dataset %q, which the source does not know; copy into an empty store", ErrForeign, l.ID, l.Dataset)
		}
	}
	counts, err := target.Counts(ctx)
	if err != nil {
		return err
	}
	return more(source, counts)
}

// more reports as an error what the target has more of than the source.
func more(source, target graph.Counts) error {
	for _, row := range graph.Kinds() {
		if a, b := source.Nodes[row.Kind], target.Nodes[row.Kind]; b > a {
			return fmt.Errorf("%w: %d nodes of kind %s where the source has %d; copy into an empty store", ErrForeign, b, row.Name, a)
		}
	}
	for _, row := range graph.TieTypes() {
		if a, b := source.Ties[row.Type], target.Ties[row.Type]; b > a {
			return fmt.Errorf("%w: %d ties of type %s where the source has %d; copy into an empty store", ErrForeign, b, row.Name, a)
		}
	}
	return nil
}

// copy passes over the sources first: what cites them cannot come before them.
// Since a source may cite another, it first goes without its citations.
func (c *copier) copy(ctx context.Context, source graph.Reader) error {
	for n, err := range source.Nodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{graph.Source}}) {
		if err != nil {
			return err
		}
		c.sources[n.ID] = true
		cites := len(n.Citations) > 0
		n.Citations = nil
		if err := c.node(ctx, n, !cites); err != nil {
			return err
		}
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	for n, err := range source.Nodes(ctx, graph.NodeQuery{}) {
		if err != nil {
			return err
		}
		if n.Kind == graph.Source && len(n.Citations) == 0 {
			continue // it is there
		}
		if err := c.node(ctx, n, true); err != nil {
			return err
		}
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	for t, err := range source.Ties(ctx, everyTie()) {
		if err != nil {
			return err
		}
		b := c.batch(t.Load)
		b.Ties = append(b.Ties, t)
		c.gone(b, t.Citations)
		if err := c.added(ctx, true); err != nil {
			return err
		}
	}
	return c.flush(ctx)
}

// everyTie asks for ties of every status.
func everyTie() graph.TieQuery {
	return graph.TieQuery{Where: graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}}
}

func (c *copier) node(ctx context.Context, n graph.Node, whole bool) error {
	b := c.batch(n.Load)
	b.Nodes = append(b.Nodes, n)
	c.gone(b, n.Citations)
	return c.added(ctx, whole)
}

// gone tells the target which of the citations are of deleted sources.
func (c *copier) gone(b *graph.Batch, citations []graph.Citation) {
	for _, ci := range citations {
		if !c.sources[ci.Source] {
			b.Gone = append(b.Gone, ci.Source)
		}
	}
}

// batch is the batch that waits for more of a load.
func (c *copier) batch(load graph.ID) *graph.Batch {
	b := c.pending[load]
	if b == nil {
		l, ok := c.loads[load]
		if !ok {
			l.ID = load
		}
		b = &graph.Batch{Load: l}
		c.pending[load] = b
	}
	return b
}

func size(b *graph.Batch) int { return len(b.Nodes) + len(b.Ties) }

// added applies the largest batch where as many as one may have are waiting.
func (c *copier) added(ctx context.Context, whole bool) error {
	if whole {
		c.done++
		c.opt.tell("copying", c.done, c.total)
	}
	if c.waiting++; c.waiting < c.opt.BatchSize {
		return nil
	}
	var largest graph.ID
	for _, load := range slices.Sorted(maps.Keys(c.pending)) {
		if b := c.pending[largest]; b == nil || size(c.pending[load]) > size(b) {
			largest = load
		}
	}
	return c.apply(ctx, largest)
}

// flush applies what waits.
func (c *copier) flush(ctx context.Context) error {
	for _, load := range slices.Sorted(maps.Keys(c.pending)) {
		if err := c.apply(ctx, load); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) apply(ctx context.Context, load graph.ID) error {
	b := c.pending[load]
	delete(c.pending, load)
	c.waiting -= size(b)
	a, err := c.to.Apply(ctx, *b)
	if err != nil {
		return err
	}
	sum := &c.report.Applied
	sum.Version = a.Version
	sum.NodesCreated, sum.NodesUpdated, sum.NodesSame = sum.NodesCreated+a.NodesCreated, sum.NodesUpdated+a.NodesUpdated, sum.NodesSame+a.NodesSame
	sum.TiesCreated, sum.TiesUpdated, sum.TiesSame = sum.TiesCreated+a.TiesCreated, sum.TiesUpdated+a.TiesUpdated, sum.TiesSame+a.TiesSame
	return nil
}
