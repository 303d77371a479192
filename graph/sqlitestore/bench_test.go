package sqlitestore_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
)

const (
	benchPeople = 100_000
	benchTies   = 350_000
	benchBatch  = 10_000
)

// records makes people, groups and memberships as a loader would: every tie
// dated, sourced and graded. Equal seeds give equal records.
func records(people, ties int, seed uint64) ([]graph.Node, []graph.Tie) {
	rng := rand.New(rand.NewPCG(seed, 0))
	nodes := make([]graph.Node, 0, people+people/100+10)
	for i := range 10 {
		nodes = append(nodes, graph.Node{ID: graph.ID(fmt.Sprintf("src-%d", i)), Kind: graph.Source, Names: []graph.Name{{Text: fmt.Sprintf("Source %d", i)}}})
	}
	groups := max(people/100, 1)
	for i := range groups {
		nodes = append(nodes, graph.Node{ID: graph.DeriveID(graph.Group, strconv.Itoa(i)), Kind: graph.Group, Names: []graph.Name{{Text: fmt.Sprintf("Group %d of the North", i), Kind: graph.PrimaryName}}, Types: []string{"party"}})
	}
	first := []string{"Adan", "Mira", "Boro", "Sela", "Tovan", "Kesh", "عدن", "ميرا"}
	for i := range people {
		name := fmt.Sprintf("%s %s %d", first[rng.IntN(len(first))], first[rng.IntN(len(first))], i)
		nodes = append(nodes, graph.Node{
			ID: graph.DeriveID(graph.Person, strconv.Itoa(i)), Kind: graph.Person, Names: []graph.Name{{Text: name, Lang: "en", Kind: graph.PrimaryName}},
			Props: graph.Props{"born": {strconv.Itoa(1940 + rng.IntN(60))}, "country": {"ZZ"}}, Aliases: []string{fmt.Sprintf("registry:%d", i)},
		})
	}
	claims := make([]graph.Tie, ties)
	for i := range claims {
		start, err := graph.ParseDate(fmt.Sprintf("%d-%02d", 1990+rng.IntN(30), 1+rng.IntN(12)))
		if err != nil {
			panic(err)
		}
		claims[i] = graph.Tie{
			Type: graph.MemberOf, From: nodes[10+groups+rng.IntN(people)].ID, To: nodes[10+rng.IntN(groups)].ID,
			Span: graph.Span{Start: start, End: graph.Open}, Weight: graph.KnownShare(0.5), Grade: graph.Grade{Reliability: 'B', Credibility: '2'},
			Props: graph.Props{"role": {"member"}}, Citations: []graph.Citation{{Source: nodes[rng.IntN(10)].ID, Page: strconv.Itoa(i)}},
		}
	}
	return nodes, claims
}

func load(tb testing.TB, s *sqlitestore.Store, nodes []graph.Node, ties []graph.Tie, size int) {
	tb.Helper()
	apply := func(batch graph.Batch) {
		batch.Load = graph.Load{ID: "bench", Dataset: "bench", Format: "made"}
		if _, err := s.Apply(tb.Context(), batch); err != nil {
			tb.Fatal(err)
		}
	}
	for at := 0; at < len(nodes); at += size {
		apply(graph.Batch{Nodes: nodes[at:min(at+size, len(nodes))]})
	}
	for at := 0; at < len(ties); at += size {
		apply(graph.Batch{Ties: ties[at:min(at+size, len(ties))]})
	}
}

// BenchmarkApply loads 100,000 people, then 350,000 ties between them and their
// groups in batches of 10,000.
func BenchmarkApply(b *testing.B) {
	nodes, ties := records(benchPeople, benchTies, 1)
	b.Run("nodes", func(b *testing.B) {
		for b.Loop() {
			s := open(b, filepath.Join(b.TempDir(), "graph.db"))
			load(b, s, nodes, nil, benchBatch)
		}
		b.ReportMetric(float64(len(nodes))*float64(b.N)/b.Elapsed().Seconds(), "nodes/s")
	})
	b.Run("ties", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			s := open(b, filepath.Join(b.TempDir(), "graph.db"))
			load(b, s, nodes, nil, benchBatch)
			b.StartTimer()
			load(b, s, nil, ties, benchBatch)
		}
		b.ReportMetric(float64(len(ties))*float64(b.N)/b.Elapsed().Seconds(), "ties/s")
	})
	b.Run("again", func(b *testing.B) {
		s := open(b, filepath.Join(b.TempDir(), "graph.db"))
		load(b, s, nodes, ties, benchBatch)
		for b.Loop() {
			load(b, s, nil, ties, benchBatch)
		}
		b.ReportMetric(float64(len(ties))*float64(b.N)/b.Elapsed().Seconds(), "ties/s")
	})
}

// filled is a view of the benchmark's graph.
func filled(b *testing.B) (graph.View, []graph.Node) {
	b.Helper()
	nodes, ties := records(benchPeople, benchTies, 1)
	s := open(b, filepath.Join(b.TempDir(), "graph.db"))
	load(b, s, nodes, ties, benchBatch)
	v, err := s.View(b.Context(), graph.Amber)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = v.Close() })
	return v, nodes
}

// BenchmarkScan reads everything, as the projection does.
func BenchmarkScan(b *testing.B) {
	v, _ := filled(b)
	b.Run("ties", func(b *testing.B) {
		b.ReportAllocs()
		rows := 0
		for b.Loop() {
			for _, err := range v.Ties(b.Context(), graph.TieQuery{}) {
				if err != nil {
					b.Fatal(err)
				}
				rows++
			}
		}
		b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("nodes", func(b *testing.B) {
		b.ReportAllocs()
		rows := 0
		for b.Loop() {
			for _, err := range v.Nodes(b.Context(), graph.NodeQuery{}) {
				if err != nil {
					b.Fatal(err)
				}
				rows++
			}
		}
		b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("filtered nodes", func(b *testing.B) {
		for b.Loop() {
			where := graph.Cond{Op: graph.Lt, Field: "born", Values: []string{"1941"}}
			if _, err := v.CountNodes(b.Context(), graph.NodeQuery{Kinds: []graph.Kind{graph.Person}, Where: where}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAdjacent pages through members: 20 groups of 350, the first 50 each.
func BenchmarkAdjacent(b *testing.B) {
	v, nodes := filled(b)
	ask := func(b *testing.B, q graph.AdjacentQuery) {
		b.Helper()
		for b.Loop() {
			if _, err := v.Adjacent(b.Context(), q); err != nil {
				b.Fatal(err)
			}
		}
	}
	var groups, people []graph.ID
	for i := range 20 {
		groups = append(groups, nodes[10+i].ID)
	}
	for i := range 50 {
		people = append(people, nodes[len(nodes)-1-i].ID)
	}
	day := &graph.AsOf{Day: graph.DayOf(2010, 1, 1)}
	b.Run("members of 20 groups", func(b *testing.B) {
		ask(b, graph.AdjacentQuery{Nodes: groups, Type: graph.MemberOf, Dir: graph.Back, Limit: 50})
	})
	b.Run("members of 20 groups on a day", func(b *testing.B) {
		ask(b, graph.AdjacentQuery{Nodes: groups, Type: graph.MemberOf, Dir: graph.Back, Limit: 50, Where: graph.TieWhere{AsOf: day}})
	})
	b.Run("groups of 50 people", func(b *testing.B) {
		ask(b, graph.AdjacentQuery{Nodes: people, Type: graph.MemberOf})
	})
	b.Run("one node by id", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.NodesByID(b.Context(), people[:1]); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, text := range []string{"kesh 4711", "mira", "zz"} {
		b.Run("search "+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := v.Search(b.Context(), graph.SearchQuery{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
