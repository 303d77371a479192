package querytest

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// Snapshots takes the picture of a batch, through a store or not. The batches of one
// case grow: each begins with what the one before held.
type Snapshots func(tb testing.TB, b graph.Batch, opts projection.Options) (*projection.Snapshot, error)

// FromBatch takes the picture of the batch alone.
func FromBatch(_ testing.TB, b graph.Batch, opts projection.Options) (*projection.Snapshot, error) {
	return projection.FromBatch(b, opts)
}

// Place makes room for a case: what it returns has seen nothing yet.
type Place func(tb testing.TB) Snapshots

// Bare is no store at all: pictures are taken of the batches alone.
func Bare(testing.TB) Snapshots { return FromBatch }

// InStore loads each case into a store that open returns empty, load by load, and
// takes the pictures of what the store holds. Each has to be the picture of the
// batch, to the hash.
func InStore(open func(tb testing.TB) graph.Store) Place {
	return func(tb testing.TB) Snapshots {
		tb.Helper()
		store, nodes, ties := open(tb), 0, 0
		return func(tb testing.TB, b graph.Batch, opts projection.Options) (*projection.Snapshot, error) {
			tb.Helper()
			more := graph.Batch{Load: b.Load, Nodes: b.Nodes[nodes:], Ties: b.Ties[ties:]}
			if len(more.Nodes)+len(more.Ties) > 0 {
				if _, err := store.Apply(tb.Context(), more); err != nil {
					return nil, err
				}
				nodes, ties = len(b.Nodes), len(b.Ties)
			}
			return fromStore(tb, store, b, opts)
		}
	}
}

func fromStore(tb testing.TB, store graph.Store, b graph.Batch, opts projection.Options) (*projection.Snapshot, error) {
	tb.Helper()
	v, err := store.View(tb.Context(), graph.Red)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err := v.Close(); err != nil {
			tb.Error(err)
		}
	}()
	s, err := projection.Build(tb.Context(), v, opts)
	if err != nil {
		return nil, err
	}
	if bare, err := projection.FromBatch(b, opts); err != nil {
		tb.Errorf("the store took what a batch alone may not hold: %v", err)
	} else if bare.Hash() != s.Hash() {
		tb.Errorf("picture %s of the store, %s of the batch", s.Hash(), bare.Hash())
	}
	return s, nil
}

// Run runs every *.case file at the root of files, each as a subtest in a place of
// its own.
func Run(t *testing.T, files fs.FS, place Place) {
	t.Helper()
	names, err := fs.Glob(files, "*.case")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatal("no *.case file found")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(path.Base(name), ".case"), func(t *testing.T) {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(name, string(text))
			if err != nil {
				t.Fatal(err)
			}
			s.Run(t, place(t))
		})
	}
}

// Run answers the questions of a script and reports what differs from what it
// expects, by file and line.
func (s *Script) Run(tb testing.TB, take Snapshots) {
	tb.Helper()
	for _, st := range s.steps {
		a, err := st.ask.ask(tb.Context(), func(opts projection.Options) (*projection.Snapshot, error) {
			tb.Helper()
			return take(tb, st.batch, opts)
		})
		failed := false
		for _, e := range st.expects {
			failed = failed || e.words[0] == "error"
			if problem := e.check(a, err); problem != "" {
				tb.Errorf("%s:%d: %s", s.Name, e.line, problem)
			}
		}
		if err != nil && !failed {
			tb.Errorf("%s:%d: %v", s.Name, st.line, err)
		}
	}
}

// check compares one line with the answer or the error and returns what differs.
func (e expectation) check(a *answer, failure error) string {
	if e.words[0] == "error" {
		want := strings.Join(e.words[1:], " ")
		if failure == nil || !strings.Contains(failure.Error(), want) {
			return fmt.Sprintf("got error %v, want one that says %q", failure, want)
		}
		return ""
	}
	if failure != nil {
		return "" // told once, for the question
	}
	return a.check(e.words)
}
