package schema

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// session is what one request holds: the view and the batches over it.
type session struct {
	view      graph.View
	shared    graph.Reader // the view, for the fields: they change nothing
	clearance graph.Marking
	nodes     *exec.Batch[graph.ID, *graph.Node]
	ties      *exec.Batch[graph.ID, *graph.Tie]
	loads     *exec.Batch[graph.ID, graph.Load]

	reopening *reopening   // nil: the request stays with its view
	pictured  atomic.Bool  // a question was asked
	age       atomic.Int64 // in nanoseconds: how old the oldest picture may be that one was asked of

	// want is what the document reads of nodes and ties, nil where that is not known.
	want *graph.Want

	mu          sync.Mutex
	asked       map[askedKey]*asked
	adjacencies map[string]*adjacency
	ahead       []graph.AdjacentQuery // of the nodes that are looked up next

	scratch *scratch
}

// aged takes in how old a picture may be.
func (s *session) aged(age time.Duration) {
	for {
		before := s.age.Load()
		if int64(age) <= before || s.age.CompareAndSwap(before, int64(age)) {
			return
		}
	}
}

// adjacency is a question about ties, shared by all fields that ask it.
type adjacency struct {
	session *session
	query   graph.AdjacentQuery
	pages   *exec.Batch[graph.ID, graph.AdjacentPage]
	counted *exec.Batch[graph.ID, int] // made when it is needed
}

type sessionKey struct{}

var errNoView = errors.New("schema: the context has no view: use Schema.Execute")

func newSession(view graph.View, clearance graph.Marking, want *graph.Want) *session {
	s := &session{
		view: view, shared: graph.Shared(view), clearance: clearance, want: want, scratch: scratches.Get().(*scratch),
	}
	s.nodes = exec.NewBatch(func(ctx context.Context, ids []graph.ID) (map[graph.ID]*graph.Node, error) {
		found, err := graph.NodesWanted(ctx, s.shared, ids, s.wanted())
		return found, typed.Shown(err)
	})
	s.ties = exec.NewBatch(func(ctx context.Context, ids []graph.ID) (map[graph.ID]*graph.Tie, error) {
		found, err := view.TiesByID(ctx, ids)
		return pointers(found), typed.Shown(err)
	})
	var known map[graph.ID]graph.Load // read once, whatever is asked for
	s.loads = exec.NewBatch(func(ctx context.Context, _ []graph.ID) (map[graph.ID]graph.Load, error) {
		if known != nil {
			return known, nil
		}
		list, err := view.Loads(ctx)
		if err != nil {
			return nil, typed.Shown(err)
		}
		known = make(map[graph.ID]graph.Load, len(list))
		for _, l := range list {
			known[l.ID] = l
		}
		return known, nil
	})
	return s
}

func pointers[V any](m map[graph.ID]V) map[graph.ID]*V {
	out := make(map[graph.ID]*V, len(m))
	for id, v := range m {
		out[id] = &v
	}
	return out
}

func sessionOf(ctx context.Context) (*session, error) {
	s, ok := ctx.Value(sessionKey{}).(*session)
	if !ok {
		return nil, errNoView
	}
	return s, nil
}

// thunk is what a resolver returns for a value that is read with others of its
// level.
type thunk = func() (any, error)

// node returns the thunk of a node that a tie or a hit leads to. The view
// promises that it exists.
func (s *session) node(ctx context.Context, id graph.ID) thunk {
	return s.nodes.LoadThen(ctx, id, func(n *graph.Node, found bool) (any, error) {
		if !found {
			return nil, exec.Errorf(exec.CodeNotFound, "%w: node %q", graph.ErrNotFound, id)
		}
		return n, nil
	})
}

// source returns the thunk of a cited source, null where it was deleted, or made another
// kind of thing.
func (s *session) source(ctx context.Context, id graph.ID) thunk {
	return s.nodes.LoadThen(ctx, id, func(n *graph.Node, found bool) (any, error) {
		if !found || n.Kind != graph.Source {
			return nil, nil
		}
		return n, nil
	})
}

// tie returns the thunk of a tie that a path leads over.
func (s *session) tie(ctx context.Context, id graph.ID) thunk {
	return s.ties.LoadThen(ctx, id, func(t *graph.Tie, found bool) (any, error) {
		if !found {
			return nil, exec.Errorf(exec.CodeNotFound, "%w: tie %q", graph.ErrNotFound, id)
		}
		return t, nil
	})
}

// wanted is what is read of the nodes that are looked up now, and next.
func (s *session) wanted() *graph.Want {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ahead) == 0 {
		return s.want
	}
	w := *s.want
	w.Next, s.ahead = s.ahead, nil
	return &w
}

// adjacent returns the batches that read ties for the question.
func (s *session) adjacent(of *asked, key string) *adjacency {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.adjacencies[key]
	if a == nil {
		a = &adjacency{session: s, query: of.query}
		a.query.Want = s.want
		a.pages = s.scratch.batch()
		a.pages.FetchBy(a.read)
		if s.adjacencies == nil {
			s.adjacencies = map[string]*adjacency{}
		}
		s.adjacencies[key] = a
	}
	if a.query.Want == s.want && of.next != nil {
		a.query.Want = of.next
	}
	return a
}

func (a *adjacency) read(ctx context.Context, ids []graph.ID, pages []graph.AdjacentPage) error {
	q := a.query
	q.Nodes = ids
	return typed.Shown(graph.AdjacentTo(ctx, a.session.shared, q, pages))
}

func (a *adjacency) counts() *exec.Batch[graph.ID, int] {
	a.session.mu.Lock()
	defer a.session.mu.Unlock()
	if a.counted == nil {
		a.counted = exec.NewBatchOf(func(ctx context.Context, ids []graph.ID, counts []int) error {
			q := a.query
			q.Nodes = ids
			found, err := a.session.view.CountAdjacent(ctx, q)
			for i, id := range ids {
				counts[i] = found[id]
			}
			return typed.Shown(err)
		})
	}
	return a.counted
}
