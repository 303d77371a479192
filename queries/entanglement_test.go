package queries_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestEntanglementIsEveryPurge: each row of the matrix is what the purge of that
// group alone answers in the same worlds; pairs are sorted and filtered.
func TestEntanglementIsEveryPurge(t *testing.T) {
	t.Parallel()
	for seed := range 25 {
		c := purgeCases.Example(seed)
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		in := queries.EntanglementInput{Params: c.params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 150, Seed: 8, Workers: 3}}
		r := entanglementOf(t, s, in)
		in.Workers = 1
		if diff := cmp.Diff(r, entanglementOf(t, s, in)); diff != "" {
			t.Fatalf("another number of workers:\n%s", diff)
		}
		in.MinP = 0.3
		some := entanglementOf(t, s, in)
		rare := func(p queries.Entangled) bool { return p.Fractured.P < 0.3 }
		if kept := slices.DeleteFunc(slices.Clone(r.Pairs), rare); !slices.Equal(kept, some.Pairs) || some.Omitted != len(r.Pairs)-len(kept) {
			t.Errorf("case %d: minP leaves %v and %d out of %v", seed, some.Pairs, some.Omitted, r.Pairs)
		}
		for _, g := range r.Groups {
			p := purgeOf(t, s, queries.PurgeInput{Targets: []graph.ID{g.ID}, Params: c.params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 150, Seed: 8}})
			if g.None != p.None || g.Fractured != p.Fractured || g.OwnFractured != p.OwnFractured || !slices.Equal(g.OwnInstitutions, p.OwnInstitutions) {
				t.Errorf("case %d, %s: %+v, its purge has %+v and %+v", seed, g.ID, g, p.None, p.Fractured)
			}
			for _, o := range p.Institutions {
				i := slices.IndexFunc(r.Pairs, func(e queries.Entangled) bool { return e.Group.ID == g.ID && e.Institution.ID == o.ID })
				if i < 0 && o.Fractured.Count > 0 || i >= 0 && (r.Pairs[i].Fractured != o.Fractured || r.Pairs[i].Own != o.Own) {
					t.Errorf("case %d, %s and %s: pair %d, its purge has %v", seed, g.ID, o.ID, i, o.Fractured)
				}
			}
		}
	}
}

// TestEntanglementExact: few coins are gone through, for all groups at once.
func TestEntanglementExact(t *testing.T) {
	r := entanglementOf(t, workedExample(t), queries.EntanglementInput{Params: worlds.DefaultParams()})
	if r.Basis.Method != worlds.Exact || r.Basis.Coins != 3 || len(r.Groups) != 1 || len(r.Pairs) != 1 || r.Pairs[0].Fractured.P != 0.98 || r.Groups[0].None.P != 0.02 {
		t.Errorf("%+v", r)
	}
}

func TestEntanglementRefusals(t *testing.T) {
	s := workedExample(t)
	p := worlds.DefaultParams()
	for name, c := range map[string]struct {
		in   queries.EntanglementInput
		want error
	}{
		"a person":      {queries.EntanglementInput{Groups: []graph.ID{"a"}, Params: p}, worlds.ErrInput},
		"unknown":       {queries.EntanglementInput{Groups: []graph.ID{"x"}, Params: p}, worlds.ErrUnknown},
		"probability":   {queries.EntanglementInput{MinP: 1.5, Params: p}, worlds.ErrInput},
		"parameter":     {queries.EntanglementInput{}, worlds.ErrInput},
		"negative draw": {queries.EntanglementInput{Params: p, Draw: worlds.Draw{Samples: -3}}, worlds.ErrInput},
	} {
		if name == "parameter" {
			c.in.Params = p
			c.in.Params.Loyalty = -1
		}
		if _, err := queries.EntanglementOf(t.Context(), s, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func entanglementOf(tb testing.TB, s *projection.Snapshot, in queries.EntanglementInput) *queries.EntanglementReport {
	tb.Helper()
	r, err := queries.EntanglementOf(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestEntanglementTellsEachPurge: eight groups in 100 worlds are sixteen purges of a block
// of worlds; each is told of, the last as the end.
func TestEntanglementTellsEachPurge(t *testing.T) {
	s := state(t, stateSize{persons: 600, institutions: 40, groups: 8})
	in := queries.DefaultEntanglement()
	var told []int
	in.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 100, Seed: 1, Workers: 1, Progress: func(done, total int) {
		if total != 100 {
			t.Errorf("%d worlds in all", total)
		}
		told = append(told, done)
	}}
	if _, err := queries.EntanglementOf(t.Context(), s, in); err != nil {
		t.Fatal(err)
	}
	want := []int{8, 16, 24, 32, 40, 48, 56, 64, 68, 73, 77, 82, 86, 91, 95, 100}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
