package neo4jstore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
	"entangle/graph/fold"
)

// view reads under a clearance. It holds no transaction: every call is one of its
// own, so that nothing keeps the server's memory while a caller thinks.
type view struct {
	store *Store
	seen  []string // markings that the clearance covers
	// state is that at the opening, own what was read after someone
	// had committed.
	state, own *state
	stale      bool // the state may be of several moments (Config.Staleness)
	closed     atomic.Bool
	moved      atomic.Bool
	looked     atomic.Pointer[string] // the last bookmark for which it was found out whether it has moved
}

var (
	_ graph.View     = (*view)(nil)
	_ graph.Isolated = (*view)(nil)
)

// Isolation tells that a view sees commits made while it is open: Neo4j has no
// other isolation.
func (*view) Isolation() string { return "read committed" }

// Moved tells whether anyone committed what the view shows: by the bookmarks of the reads, and
// then by the version.
func (v *view) Moved() bool { return v.moved.Load() }

// Version returns the version at the opening.
func (v *view) Version() graph.Version { return v.state.version }

// Close ends the view.
func (v *view) Close() error {
	v.closed.Store(true)
	return nil
}

func (v *view) check(ctx context.Context) error {
	if v.closed.Load() {
		return fmt.Errorf("neo4j: view: %w", graph.ErrClosed)
	}
	return v.store.check(ctx)
}

func (v *view) read(ctx context.Context, name string, fill parts, params map[string]any) ([]*neo4j.Record, error) {
	rows, _, err := v.readInto(ctx, name, fill, params)
	return rows, err
}

// readInto is read, and tells where what was read is to be kept: with the state at
// the opening only if nobody committed since.
func (v *view) readInto(ctx context.Context, name string, fill parts, params map[string]any) ([]*neo4j.Record, *state, error) {
	if err := v.check(ctx); err != nil {
		return nil, nil, err
	}
	rows, bookmark, err := v.store.read(ctx, name, fill, params)
	if err != nil {
		return nil, nil, err
	}
	if bookmark == v.state.bookmark || v.stale {
		return rows, v.state, nil
	}
	if last := v.looked.Swap(&bookmark); last == nil || *last != bookmark {
		v.look(ctx)
	}
	return rows, v.own, nil
}

// look finds out, after somebody has committed, whether that shows in the view: whether the
// version of its clearance is another.
func (v *view) look(ctx context.Context) {
	if v.moved.Load() {
		return
	}
	at, err := v.store.tip(ctx)
	if err != nil || at.of(v.clearance()) != v.state.version {
		v.moved.Store(true)
	}
}

// shown removes citations of hidden sources.
func (v *view) shown(list []graph.Citation) []graph.Citation {
	if len(v.state.hidden) == 0 {
		return list
	}
	list = slices.DeleteFunc(list, func(c graph.Citation) bool { return v.state.hidden[c.Source] })
	if len(list) == 0 {
		return nil
	}
	return list
}

// node reads a stored node; false where it is no valid one, which the log is told
// of.
func (v *view) node(value any) (graph.Node, bool) {
	stored, ok := value.(dbtype.Node)
	if !ok {
		return graph.Node{}, false
	}
	n, problems := decodeNode(stored)
	if len(problems) > 0 {
		v.store.tell(problems)
		return n, false
	}
	n.Citations = v.shown(n.Citations)
	return n, true
}

func (v *view) tie(r *neo4j.Record) (graph.Tie, bool) {
	t, _, problems := tieOf(r)
	return v.served(t, problems)
}

// served is a tie as the view shows it; false where it is not valid, which the log is
// told of.
func (v *view) served(t graph.Tie, problems []graph.Problem) (graph.Tie, bool) {
	if len(problems) > 0 {
		v.store.tell(problems)
		return t, false
	}
	t.Citations = v.shown(t.Citations)
	return t, true
}

// TiesByID looks ties up.
func (v *view) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	fill := parts{"TYPES": anyOf(typeNames(nil)), "FIT": boundsFit("r"), "SEEN": seenEnds()}
	rows, err := v.read(ctx, "ties_by_id", fill, map[string]any{"ids": valid(ids), "seen": v.seen, "kinds": kindNames(nil), "joins": joins(), "first": nativeDay(graph.MinDay)})
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]graph.Tie, len(rows))
	var unfit []rawNear
	for _, r := range rows {
		if ends, ok := r.Values[3].([]any); ok {
			near, _ := ends[0].(dbtype.Node)
			unfit = append(unfit, rawNear{near, []any{[]any{r.Values[0], ends[1]}}})
		} else if t, ok := v.tie(r); ok {
			out[t.ID] = t
		}
	}
	if len(unfit) == 0 {
		return out, nil
	}
	ends, err := v.ends(ctx, unfit)
	if err != nil {
		return nil, err
	}
	ties, err := v.tiesAsTheyAre(ctx, unfit, ends)
	for _, list := range ties {
		for _, t := range list {
			out[t.ID] = t.Tie
		}
	}
	return out, err
}

// maxTerms bounds the aliases in one full-text query: Lucene takes 1,024 clauses.
const maxTerms = 500

// Resolve maps ids and aliases to ids: an id goes before any alias.
func (v *view) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	refs = valid(refs)
	var terms []string
	for part := range slices.Chunk(refs, maxTerms) {
		digests := make([]string, len(part))
		for i, ref := range part {
			digests[i] = digest(ref)
		}
		terms = append(terms, strings.Join(digests, " OR "))
	}
	rows, err := v.read(ctx, "resolve", parts{"SEEN": seenNode("n")}, map[string]any{"refs": refs, "digests": terms, "seen": v.seen})
	if err != nil {
		return nil, err
	}
	out := make(map[string]graph.ID, len(rows))
	for _, r := range rows {
		ref, _ := r.Values[0].(string)
		id, _ := r.Values[1].(string)
		out[ref] = graph.ID(id)
	}
	var missing []graph.ID
	for _, ref := range refs {
		if _, ok := out[ref]; !ok {
			missing = append(missing, graph.ID(ref))
		}
	}
	strays, err := v.strays(ctx, missing)
	for _, n := range strays {
		out[string(n.ID)] = n.ID
	}
	return out, err
}

// defaultHits is what a search returns at most where it does not say.
const defaultHits = 20

// Search finds nodes by name.
func (v *view) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	words := fold.Words(q.Text)
	if len(words) == 0 {
		return nil, nil
	}
	if err := v.store.Finish(ctx); err != nil {
		return nil, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultHits
	}
	// The longest word is the rarest, and the one that the index is asked for.
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	rows, err := v.read(ctx, "search", parts{"KINDS": onlyKinds(q.Kinds), "SEEN": seenNode("n")}, map[string]any{
		"word": longest, "words": words, "key": strings.Join(words, " "), "kinds": kindNames(nil), "limit": limit, "seen": v.seen,
	})
	if err != nil {
		return nil, err
	}
	hits := make([]graph.Hit, 0, len(rows))
	for _, r := range rows {
		id, _ := r.Values[0].(string)
		label, _ := r.Values[1].(string)
		name, _ := r.Values[2].(string)
		rank, _ := r.Values[3].(int64)
		kind, err := graph.ParseKind(label)
		if err != nil {
			continue // lost its label a moment ago
		}
		hits = append(hits, graph.Hit{Node: graph.ID(id), Kind: kind, Name: name, Rank: int(rank)})
	}
	return hits, nil
}

// Counts counts by kind and type.
func (v *view) Counts(ctx context.Context) (graph.Counts, error) {
	fill := parts{"TYPES": anyOf(typeNames(nil)), "SEEN_N": seenNode("n"), "SEEN_TIE": seenEnds()}
	rows, err := v.read(ctx, "counts", fill, map[string]any{"kinds": kindNames(nil), "seen": v.seen})
	if err != nil {
		return graph.Counts{}, err
	}
	c := graph.Counts{Nodes: map[graph.Kind]int{}, Ties: map[graph.TieType]int{}}
	for _, r := range rows {
		name, _ := r.Values[1].(string)
		count, _ := r.Values[2].(int64)
		if r.Values[0] == true {
			if k, err := graph.ParseKind(name); err == nil {
				c.Nodes[k] = int(count)
			}
		} else if t, err := graph.ParseTieType(name); err == nil {
			c.Ties[t] = int(count)
		}
	}
	return c, nil
}

// Loads lists the loads that visible nodes and ties carry.
func (v *view) Loads(ctx context.Context) ([]graph.Load, error) {
	fill := parts{"TYPES": anyOf(typeNames(nil)), "SEEN_N": seenNode("n"), "SEEN_TIE": seenEnds()}
	rows, err := v.read(ctx, "loads", fill, map[string]any{"seen": v.seen})
	if err != nil {
		return nil, err
	}
	loads := make([]graph.Load, 0, len(rows))
	for _, r := range rows {
		id, _ := r.Values[0].(string)
		dataset, _ := r.Values[1].(string)
		format, _ := r.Values[2].(string)
		loads = append(loads, graph.Load{ID: graph.ID(id), Dataset: dataset, Format: format})
	}
	return loads, nil
}

// with adds parameters to those of a compiled condition.
func with(params map[string]any, more map[string]any) map[string]any {
	maps.Copy(params, more)
	return params
}
