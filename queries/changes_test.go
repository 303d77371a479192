package queries_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// One of the ministry's two posts passes from p, a member of g, to r in 2016; g
// leaves its alliance with h in 2017 and takes a brigade, half of the ministry's
// force, in 2018. q stays, under two claims of which one ends.
const changing = `
person p
person q
person r
group g
group h
institution ministry authorisedPosts=2
institution brigade1 strength=100
institution brigade2 strength=100
post chief
post deputy
post envoy
chief POST_IN ministry id=c-in
deputy POST_IN ministry id=d-in
brigade1 PART_OF ministry id=b1 class=command
brigade2 PART_OF ministry id=b2 class=command
p MEMBER_OF g id=p-g
p HOLDS chief id=p-chief from=2010 to=2016-03-01
r HOLDS chief id=r-chief from=2016-03-02 to=..
q HOLDS deputy id=q-deputy-1 from=2010 to=2016-03-01
q HOLDS deputy id=q-deputy-2 from=2012 to=..
p HOLDS envoy id=p-envoy from=2016-04-01 to=..
g ALLIED_WITH h id=g-h from=2010 to=2017-01-01
g CONTROLS brigade1 id=g-b1 form=command weight=1 from=2018-01-01 to=..
`

func pictures(t *testing.T, notation string, days ...graph.Day) []*projection.Snapshot {
	t.Helper()
	b, err := querytest.Batch(notation)
	if err != nil {
		t.Fatal(err)
	}
	var out []*projection.Snapshot
	for _, day := range days {
		s, err := projection.FromBatch(b, projection.Options{AsOf: day, Tenures: true})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func ids(list []queries.Holding) (out [][]graph.ID) {
	for _, h := range list {
		out = append(out, append([]graph.ID{h.Post.ID, h.Person.ID}, h.Ties...))
	}
	return out
}

func TestChanges(t *testing.T) {
	s := pictures(t, changing, graph.DayOf(2015, 1, 1), graph.DayOf(2020, 1, 1))
	r, err := queries.Changes(t.Context(), s[0], s[1], queries.ChangesInput{Params: worlds.DefaultParams()})
	if err != nil {
		t.Fatal(err)
	}
	if want := (queries.ChangeCounts{Came: 2, Went: 1, Began: 1, Ended: 1, Rose: 1, Fell: 1}); r.Counts != want {
		t.Errorf("counts %+v, want %+v", r.Counts, want)
	}
	if len(r.Institutions) != 2 || r.Institutions[0].Institution == nil || r.Institutions[0].Institution.ID != "ministry" || r.Institutions[1].Institution != nil {
		t.Fatalf("institutions %+v, want the ministry and none", r.Institutions)
	}
	if diff := cmp.Diff([][]graph.ID{{"chief", "r", "r-chief"}}, ids(r.Institutions[0].Came)); diff != "" {
		t.Errorf("came (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]graph.ID{{"chief", "p", "p-chief"}}, ids(r.Institutions[0].Went)); diff != "" {
		t.Errorf("went (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]graph.ID{{"envoy", "p", "p-envoy"}}, ids(r.Institutions[1].Came)); diff != "" {
		t.Errorf("came to a post of no institution (-want +got)\n%s", diff)
	}
	type change struct {
		Tie   graph.ID
		Began bool
	}
	var got []change
	for _, x := range r.Ties {
		got = append(got, change{x.Ties[0], x.Began})
	}
	if diff := cmp.Diff([]change{{"g-b1", true}, {"g-h", false}}, got); diff != "" {
		t.Errorf("ties (-want +got)\n%s", diff)
	}
	// g loses one of two equal posts and gains the brigade: half of the force.
	for _, x := range r.Exposures {
		if x.Institution.ID != "ministry" {
			continue
		}
		want := []queries.ShareChange{{Support: worlds.Staff, Before: 0.5}, {Support: worlds.Force, After: 0.5}}
		if diff := cmp.Diff(want, x.Shares); diff != "" {
			t.Errorf("exposure of the ministry (-want +got)\n%s", diff)
		}
	}
}

func TestChangesOfNamedNodes(t *testing.T) {
	s := pictures(t, changing, graph.DayOf(2015, 1, 1), graph.DayOf(2020, 1, 1))
	for _, c := range []struct {
		nodes []graph.ID
		want  queries.ChangeCounts
	}{
		{[]graph.ID{"ministry"}, queries.ChangeCounts{Came: 1, Went: 1, Fell: 1}},
		{[]graph.ID{"g"}, queries.ChangeCounts{Came: 1, Went: 1, Began: 1, Ended: 1, Rose: 1, Fell: 1}},
		{[]graph.ID{"g", "ministry"}, queries.ChangeCounts{Went: 1, Began: 1, Ended: 1, Fell: 1}},
		{[]graph.ID{"h"}, queries.ChangeCounts{Ended: 1}},
	} {
		r, err := queries.Changes(t.Context(), s[0], s[1], queries.ChangesInput{Nodes: c.nodes, Params: worlds.DefaultParams()})
		if err != nil {
			t.Fatal(err)
		}
		if r.Counts != c.want {
			t.Errorf("%v: %+v, want %+v", c.nodes, r.Counts, c.want)
		}
	}
}

func TestChangesRefusals(t *testing.T) {
	s := pictures(t, changing, graph.DayOf(2015, 1, 1), graph.DayOf(2020, 1, 1))
	other := pictures(t, "person p\n", graph.DayOf(2020, 1, 1))
	in := queries.ChangesInput{Params: worlds.DefaultParams()}
	unknown := in
	unknown.Nodes = []graph.ID{"nobody"}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx           context.Context //nolint:containedctx // a row of a table
		before, after *projection.Snapshot
		in            queries.ChangesInput
		want          error
	}{
		"backwards":  {t.Context(), s[1], s[0], in, worlds.ErrInput},
		"same day":   {t.Context(), s[0], s[0], in, worlds.ErrInput},
		"other data": {t.Context(), s[0], other[0], in, worlds.ErrInput},
		"unknown":    {t.Context(), s[0], s[1], unknown, worlds.ErrUnknown},
		"cancelled":  {stopped, s[0], s[1], in, context.Canceled},
	} {
		if _, err := queries.Changes(c.ctx, c.before, c.after, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
