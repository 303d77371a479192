package graph

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Version names a state of a store's data as a clearance shows it. Versions compare
// for equality only: equal versions of one clearance mean that it shows equal data. A
// commit gives a new version to each clearance that observes it (see [ObservedNode]) and
// to no other, whoever made it: who may not see what was committed cannot tell that
// something was.
type Version string

// Store keeps nodes and ties. It is safe for concurrent use.
//
// A store that others can write to by means of their own serves what is valid of it,
// and tells the rest by the method Problems (see Inspected).
//
// Errors wrap the sentinels of this package: ErrInvalid (a *BatchError with
// every problem), ErrQuery, ErrUnavailable, ErrClosed; a cancelled context
// comes back as ctx.Err().
type Store interface {
	// View opens a consistent reading of the data as far as clearance allows:
	// nodes and ties with a stricter marking, ties that lead to a hidden node,
	// and citations of hidden sources do not exist in it, for look-ups, lists,
	// counts and searches alike. A citation of a source that was deleted stays: the
	// marking of that source is not known any more. The caller closes it. A store that cannot hold
	// one state for as long as the view is open says so by the method
	// Isolation() of the view (see Isolated).
	View(ctx context.Context, clearance Marking) (View, error)

	// Version returns the version of the data now as Red shows it: every change of the
	// data changes it. It is not for those who are cleared for less.
	Version(ctx context.Context) (Version, error)

	// Apply merges a batch: new nodes and ties are created, known ones merged
	// (MergeNode) or replaced (a tie by its id), equal ones left alone. The
	// batch is put in normal form and validated against itself and the store
	// first. It is atomic: on any error, a cancelled context and a crash
	// included, nothing of it is there. Applying a batch that changes nothing
	// leaves the version as it is. Writers are serialised.
	//
	// Within a batch nodes of one id are merged in their order, of ties of one id
	// the last stands. Whatever names no load takes the batch's; a tie that differs
	// from the stored one in its load alone is left alone.
	Apply(ctx context.Context, b Batch) (Applied, error)

	// Close frees the store. Later calls return ErrClosed.
	Close() error
}

// View reads one state of a store. It is safe for concurrent use.
type View interface {
	Reader
	// Close ends the view. Calls after it return ErrClosed.
	Close() error
}

// Lacking is implemented by a store of whose constraints and indexes some may be missing:
// others may drop them, or have written what they forbid. Answers are the same without them,
// only slower.
type Lacking interface {
	// Lacks lists the statements that make what is missing, as of the last look at it. It
	// reads nothing.
	Lacks() []string
}

// Adopting is implemented by a store that others can write to by means of their own, and that
// takes in what they wrote.
type Adopting interface {
	// Settle takes in what others have written until now.
	Settle(ctx context.Context) error
	// Adoption tells what is known to be written by others and not taken in yet. It reads
	// nothing.
	Adoption() Adoption
}

// Adoption is how far a store has come with what others wrote. Until it is taken in, look-ups
// by id and steps along ties find it, as it is; searches, lists, counts and pictures do not, or
// find what was there before.
type Adoption struct {
	// Pending is the number of nodes and ties that are known to be there and not taken in.
	Pending int
	// Swept is when everything was last looked at to the end; zero where it never was.
	Swept time.Time
}

// Isolated is implemented by a view that may see commits made while it is
// open; a view without these methods sees the state at its opening.
type Isolated interface {
	// Isolation returns "read committed".
	Isolation() string
	// Moved reports whether somebody committed between the opening and the end of
	// the last read: what was read until then may be of several states. While it is
	// false everything was of the state that Version names.
	Moved() bool
}

// Moved reports whether what was read through r may be of several states.
func Moved(r any) bool {
	v, ok := r.(Isolated)
	return ok && v.Moved()
}

// Sharing is implemented by a view that keeps what it has read.
type Sharing interface {
	// Shared returns a reader of the same view. What it returns may be given to
	// others too: nobody may change it.
	Shared() Reader
}

// Shared returns the reader of a view for a caller that changes nothing of what
// it is given: the cheapest one.
func Shared(v View) Reader {
	if s, ok := v.(Sharing); ok {
		return s.Shared()
	}
	return v
}

// Reader answers from one state of a store, under one clearance. Slices and
// maps it returns belong to the caller.
type Reader interface {
	// Version is the version of the view's clearance at its opening.
	Version() Version

	// NodesByID returns the nodes that exist; ids that do not are left out.
	NodesByID(ctx context.Context, ids []ID) (map[ID]Node, error)

	// TiesByID returns the ties that exist; ids that do not are left out.
	TiesByID(ctx context.Context, ids []ID) (map[ID]Tie, error)

	// Resolve maps references to node ids: a reference is a node's id or one of
	// its aliases ("wikidata:Q123"). References that lead nowhere are left out; an
	// id goes before an alias, and an alias that several nodes carry gives the
	// smallest id.
	Resolve(ctx context.Context, refs []string) (map[string]ID, error)

	// Nodes streams the nodes that fit, in the query's order. The stream ends
	// after its first error.
	Nodes(ctx context.Context, q NodeQuery) iter.Seq2[Node, error]

	// CountNodes counts the nodes that fit; order, cursor and limit are ignored.
	CountNodes(ctx context.Context, q NodeQuery) (int, error)

	// Ties streams the ties that fit in the order of their ids. The stream ends
	// after its first error.
	Ties(ctx context.Context, q TieQuery) iter.Seq2[Tie, error]

	// CountTies counts the ties that fit; cursor and limit are ignored.
	CountTies(ctx context.Context, q TieQuery) (int, error)

	// Adjacent returns, for each node asked for, a page of its ties of one type
	// in one direction, ordered by the first possible start and then the id.
	// Nodes without such ties are left out. One call is one round trip however
	// many nodes are asked for; what the query says will be asked next may come with
	// it, and is not read again then.
	Adjacent(ctx context.Context, q AdjacentQuery) (map[ID]AdjacentPage, error)

	// CountAdjacent counts what Adjacent would return without cursor and limit.
	// Nodes without such ties are left out.
	CountAdjacent(ctx context.Context, q AdjacentQuery) (map[ID]int, error)

	// Search returns the nodes one of whose names contains every word of the
	// text, letters folded (package fold), inside of words as well, the best first: the whole name, then
	// a name that begins with the text, then one that has it at a word's
	// beginning, then the rest; ties go to the shorter name, then the smaller id.
	// A text that folds to nothing finds nothing.
	Search(ctx context.Context, q SearchQuery) ([]Hit, error)

	// Counts counts what the view can see, by kind and by type.
	Counts(ctx context.Context) (Counts, error)

	// Loads lists the loads that what the view can see carries, by id.
	Loads(ctx context.Context) ([]Load, error)
}

// NodeOrder is the order of a list of nodes.
type NodeOrder uint8

// The orders. OrderName sorts by the folded key of the primary name, then id.
const (
	OrderID NodeOrder = iota
	OrderName
)

// NodeQuery asks for nodes.
type NodeQuery struct {
	// Kinds to list; empty for every kind.
	Kinds []Kind
	Where Cond
	Order NodeOrder
	Desc  bool
	// After continues behind a node of an earlier page, nil from the beginning.
	After *NodeCursor
	// Limit is the most to return, 0 for all.
	Limit int
}

// NodeCursor is a place in a list of nodes.
type NodeCursor struct {
	// Key is the folded key of the primary name; only OrderName reads it.
	Key string
	ID  ID
}

// AsOf asks for what stands on a day.
type AsOf struct {
	Day Day
	Gap GapPolicy
}

// TieWhere selects ties. Its zero value selects every tie that is not rejected.
type TieWhere struct {
	// AsOf keeps what stands on a day, nil for all times.
	AsOf *AsOf
	// During keeps what may hold on some day of a period, first and last day
	// included, nil for all times.
	During *[2]Day
	// Statuses to keep; empty for Accepted and Conflict.
	Statuses []Status
	// MinConfidence leaves out what is less sure.
	MinConfidence float64
	Cond          Cond
}

// Match reports whether the tie is selected: the meaning that stores are
// tested against.
func (w TieWhere) Match(t Tie) bool {
	b := t.Span.Bounds()
	switch {
	case len(w.Statuses) == 0 && t.Status == Rejected:
		return false
	case len(w.Statuses) > 0 && !slices.Contains(w.Statuses, t.Status):
		return false
	case t.Confidence.Value < w.MinConfidence:
		return false
	case w.AsOf != nil && !w.AsOf.Gap.Holds(b, w.AsOf.Day):
		return false
	case w.During != nil && !b.Meets(w.During[0], w.During[1]):
		return false
	}
	return w.Cond.MatchTie(t)
}

// TieQuery asks for ties.
type TieQuery struct {
	// Types to list; empty for every type.
	Types []TieType
	Where TieWhere
	// After continues behind a tie's id, "" from the beginning.
	After ID
	// Limit is the most to return, 0 for all.
	Limit int
}

// AdjacentQuery asks for the ties of some nodes.
type AdjacentQuery struct {
	Nodes []ID
	Type  TieType
	// Dir is ignored for a symmetric type.
	Dir   Dir
	Where TieWhere
	// Far is the condition on the node at the other end.
	Far Cond
	// After continues behind a tie of an earlier page; it applies to every node
	// asked for, so a cursor goes with a single node.
	After *TieCursor
	// Limit is the most to return for each node, 0 for all.
	Limit int
	// Want says what is read of the ties and of the nodes at their other ends, nil
	// for everything.
	Want *Want
}

// TieCursor is a place in a node's list of ties.
type TieCursor struct {
	Start Day // first possible start of the tie
	ID    ID
}

// AdjacentPage is a page of one node's ties.
type AdjacentPage struct {
	Ties []Tie
	// Far are the nodes at the other ends beside the ties, as far as they came along:
	// it may be nil, and so may each of them. They are for reading only.
	Far []*Node
	// More says that further ties follow.
	More bool
}

// SearchQuery asks for nodes by name.
type SearchQuery struct {
	Text  string
	Kinds []Kind
	// Limit is the most to return; 0 is 20.
	Limit int
}

// Hit is a node found by name.
type Hit struct {
	Node ID
	Kind Kind
	// Name is the name that matched, as it is written.
	Name string
	// Rank is 0 for the whole name, 1 where the name begins with the text, 2
	// where a word does, 3 else.
	Rank int
}

// Counts tells how much a view can see.
type Counts struct {
	Nodes map[Kind]int
	Ties  map[TieType]int
}

// Total returns the number of nodes and of ties.
func (c Counts) Total() (nodes, ties int) {
	for _, n := range c.Nodes {
		nodes += n
	}
	for _, n := range c.Ties {
		ties += n
	}
	return nodes, ties
}
