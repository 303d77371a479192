package schema_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

var errDisk = errors.New("disk /dev/sda9 on fire")

// faultyStore is a store of whose reads one fails; each row of a stream is a read of its own.
type faultyStore struct {
	graph.Store
	mu    sync.Mutex
	left  int // reads until the one that fails, 0: none does
	reads int
	turn  int // of the documents asked: each finds another version, so that nothing is kept
}

func (s *faultyStore) Version(ctx context.Context) (graph.Version, error) {
	v, err := s.Store.Version(ctx)
	return s.version(v), err
}

func (s *faultyStore) version(v graph.Version) graph.Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return graph.Version(fmt.Sprintf("%s-%d", v, s.turn))
}

func (s *faultyStore) read() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.left--; s.left == 0 {
		return errDisk
	}
	return nil
}

func (s *faultyStore) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	if err := s.read(); err != nil {
		return nil, err
	}
	v, err := s.Store.View(ctx, m)
	return &faultyView{v, s}, err
}

type faultyView struct {
	graph.View
	store *faultyStore
}

func (v *faultyView) Version() graph.Version { return v.store.version(v.View.Version()) }

// reading asks whether this read fails before it reads.
func reading[T any](v *faultyView, read func() (T, error)) (T, error) {
	if err := v.store.read(); err != nil {
		var none T
		return none, err
	}
	return read()
}

func rows[T any](v *faultyView, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range all {
			if e := v.store.read(); e != nil {
				var none T
				yield(none, e)
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (v *faultyView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	return reading(v, func() (map[graph.ID]graph.Node, error) { return v.View.NodesByID(ctx, ids) })
}

func (v *faultyView) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	return reading(v, func() (map[graph.ID]graph.Tie, error) { return v.View.TiesByID(ctx, ids) })
}

func (v *faultyView) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	return reading(v, func() (map[string]graph.ID, error) { return v.View.Resolve(ctx, refs) })
}

func (v *faultyView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return rows(v, v.View.Nodes(ctx, q))
}

func (v *faultyView) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	return reading(v, func() (int, error) { return v.View.CountNodes(ctx, q) })
}

func (v *faultyView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return rows(v, v.View.Ties(ctx, q))
}

func (v *faultyView) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	return reading(v, func() (int, error) { return v.View.CountTies(ctx, q) })
}

func (v *faultyView) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return reading(v, func() (map[graph.ID]graph.AdjacentPage, error) { return v.View.Adjacent(ctx, q) })
}

func (v *faultyView) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	return reading(v, func() (map[graph.ID]int, error) { return v.View.CountAdjacent(ctx, q) })
}

func (v *faultyView) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	return reading(v, func() ([]graph.Hit, error) { return v.View.Search(ctx, q) })
}

func (v *faultyView) Counts(ctx context.Context) (graph.Counts, error) {
	return reading(v, func() (graph.Counts, error) { return v.View.Counts(ctx) })
}

func (v *faultyView) Loads(ctx context.Context) ([]graph.Load, error) {
	return reading(v, func() ([]graph.Load, error) { return v.View.Loads(ctx) })
}

// TestEveryFailedReadIsTold: whichever read of a document fails, the answer has an error, and tells nothing of the cause.
func TestEveryFailedReadIsTold(t *testing.T) {
	files, err := filepath.Glob("testdata/operations/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations found: %v", err)
	}
	store := &faultyStore{Store: loaded(t, stores["model"], fixture(t))}
	s := newSchema(t, store)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".graphql")
		t.Run(name, func(t *testing.T) {
			query, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			variables, err := os.ReadFile(strings.TrimSuffix(file, ".graphql") + ".variables.json")
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			all := 0
			for n := 0; n <= all; n++ {
				got, reads := askFaulty(t, s, store, n, string(query), variables)
				switch {
				case n == 0:
					if all = reads; all == 0 {
						t.Fatal("nothing was read")
					}
				case strings.Contains(got, "sda9"):
					t.Errorf("read %d of %d fails, and the answer tells of the disk: %.300s", n, all, got)
				case reads >= n && !strings.Contains(got, `"code":"INTERNAL"`):
					t.Errorf("read %d of %d fails, and the answer does not tell: %.300s", n, all, got)
				}
			}
		})
	}
}

// askFaulty lets the n-th read fail, and returns the whole answer, or that nothing could be read, and the number of reads.
func askFaulty(t *testing.T, s *schema.Schema, store *faultyStore, n int, query string, variables json.RawMessage) (answer string, reads int) {
	t.Helper()
	store.left, store.reads = n, 0
	store.turn++
	p, errs := s.Prepare(t.Context(), exec.Request{Query: query, Variables: variables})
	if errs != nil {
		t.Fatal(errs)
	}
	var out bytes.Buffer
	if _, err := s.Execute(t.Context(), p, graph.Red, &out); err != nil {
		if !errors.Is(err, schema.ErrView) || !errors.Is(err, errDisk) || out.Len() > 0 {
			t.Errorf("got %v and %q", err, out.String())
		}
		return `"code":"INTERNAL"`, store.reads
	}
	return out.String(), store.reads
}
