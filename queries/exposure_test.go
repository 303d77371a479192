package queries_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// A ministry with two posts of weight 1 and 0.5. A member of g (0.8) holds the
// first (1.0): 0.8 × 1 / 1.5 of what is on record. Two of ten leading posts are
// on record. In the half of the worlds where the claim holds that g has 0.4 of
// the staff, records speak for 0.2 and the claim for 0.8; in the other half the
// records speak for all:
//
//	0.8/1.5 × (0.5 + 0.5 × 0.2) + 0.5 × 0.8 × 0.4 = 0.48
//
// Of two brigades of equal strength g holds one whole (0.9): 0.45 of FORCE.
func TestExposure(t *testing.T) {
	named := func(id string, k graph.Kind, props graph.Props) graph.Node {
		return graph.Node{ID: graph.ID(id), Kind: k, Names: []graph.Name{{Text: id}}, Props: props}
	}
	tie := func(typ graph.TieType, from, to graph.ID, confidence float64, props graph.Props, weight graph.Share) graph.Tie {
		return graph.Tie{Type: typ, From: from, To: to, Confidence: graph.Stated(confidence), Props: props, Weight: weight}
	}
	command := graph.Props{"class": {"command"}}
	s, err := projection.FromBatch(graph.Batch{
		Nodes: []graph.Node{
			named("g", graph.Group, nil), named("p", graph.Person, nil), named("q", graph.Person, nil),
			named("body", graph.Institution, graph.Props{"authorisedPosts": {"10"}}), named("b1", graph.Institution, nil), named("b2", graph.Institution, nil),
			named("first", graph.Post, nil), named("second", graph.Post, graph.Props{"weight": {"0.5"}}),
		},
		Ties: []graph.Tie{
			tie(graph.MemberOf, "p", "g", 0.8, nil, graph.Share{}),
			tie(graph.Holds, "p", "first", 1, nil, graph.Share{}), tie(graph.Holds, "q", "second", 1, nil, graph.Share{}),
			tie(graph.PostIn, "first", "body", 1, nil, graph.Share{}), tie(graph.PostIn, "second", "body", 1, nil, graph.Share{}),
			tie(graph.Controls, "g", "body", 0.5, graph.Props{"form": {"staffing"}}, graph.KnownShare(0.4)),
			tie(graph.PartOf, "b1", "body", 1, command, graph.Share{}), tie(graph.PartOf, "b2", "body", 1, command, graph.Share{}),
			tie(graph.Controls, "g", "b1", 0.9, graph.Props{"form": {"command"}}, graph.KnownShare(1)),
		},
	}, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := queries.ExposureOf(t.Context(), s, queries.ExposureInput{Nodes: []graph.ID{"body"}, Params: worlds.DefaultParams(), Evidence: 10})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Pairs
	if len(got) != 1 || got[0].Group.ID != "g" {
		t.Fatalf("got %+v, want one pair body, g", got)
	}
	want := map[worlds.Support]float64{worlds.Staff: 0.8/1.5*(0.5+0.5*0.2) + 0.5*0.8*0.4, worlds.Force: 0.45}
	for _, x := range got[0].Shares {
		if math.Abs(x.Share-want[x.Support]) > 1e-8 {
			t.Errorf("%s: %g, want %g", x.Support, x.Share, want[x.Support])
		}
		delete(want, x.Support)
	}
	if len(want) > 0 {
		t.Errorf("no share of %v", want)
	}
	if len(got[0].Evidence) != 3 {
		t.Errorf("%d ways, want 3: the claim, the brigade, the post", len(got[0].Evidence))
	}

	// Asked from the group's side: the same pair, and the brigade itself.
	r, err = queries.ExposureOf(t.Context(), s, queries.ExposureInput{Nodes: []graph.ID{"g"}, Params: worlds.DefaultParams()})
	if err != nil {
		t.Fatal(err)
	}
	got = r.Pairs
	if len(got) != 2 || got[0].Institution.ID != "b1" || got[1].Institution.ID != "body" {
		t.Errorf("from the group: %+v, want b1 and body", got)
	}
}

// Either p, who holds the one post on record of ten, is a member of g, or g has 0.4 of the
// staff: 0.5 each, and never both. In half of the worlds the record speaks for all, in
// half the claim for nine tenths and the record, of nobody in g, for the rest:
//
//	0.5 × 1 + 0.5 × 0.9 × 0.4 = 0.68
//
// Were they independent, it would be 0.5 × (1 − 0.5 × 0.9) + 0.9 × 0.5 × 0.4 = 0.455. The
// post has a line of command, so that the membership is a way to COMMAND too: one way,
// told once with both shares.
func TestExposureOfRecordOrClaim(t *testing.T) {
	s := pictures(t, `
group g
person p
post s
institution body types=office authorisedPosts=10
institution under types=office
post clerk
s POST_IN body
clerk POST_IN under
clerk REPORTS_TO s
p HOLDS s
p MEMBER_OF g conf=0.5 set=either
g CONTROLS body conf=0.5 weight=0.4 form=staffing set=either
`, graph.DayOf(2020, 1, 1))[0]
	r, err := queries.ExposureOf(t.Context(), s, queries.ExposureInput{Nodes: []graph.ID{"body"}, Params: worlds.DefaultParams(), Evidence: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Pairs) != 1 || len(r.Pairs[0].Evidence) != 2 {
		t.Fatalf("%+v, want one pair with two ways", r.Pairs)
	}
	want := []queries.ExposedShare{
		{Support: worlds.Staff, Share: 0.68, Records: 0.5, Claims: 0.2},
		{Support: worlds.Command, Share: 0.5, Records: 0.5},
	}
	if diff := cmp.Diff(want, r.Pairs[0].Shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	for i, want := range []queries.Hold{
		{Supports: []queries.HeldShare{{Support: worlds.Staff, Share: 0.5, Counts: 0.5}, {Support: worlds.Command, Share: 0.5, Counts: 0.5}}, Share: 0.5},
		{Supports: []queries.HeldShare{{Support: worlds.Staff, Share: 0.18, Counts: 0.18}}, Share: 0.18},
	} {
		got := r.Pairs[0].Evidence[i]
		if diff := cmp.Diff(want.Supports, got.Supports); diff != "" || got.Share != want.Share {
			t.Errorf("way %d holds %g (-want +got):\n%s", i, got.Share, diff)
		}
	}
}

// Two contradicting claims of who holds the one post, each 0.6: scaled to one, so that in
// half of the worlds g has all of the staff and in half h. Were they independent, the post
// would be vacant in 0.16 of the worlds and g have 0.6/0.84.
// In the second case q holds the post or belongs to h, 0.5 each, but not both: h has nothing,
// and where q holds it the post is not lost with p. It is held in 0.75 of the worlds, and by p
// alone in 0.25.
func TestExposureOfContradictions(t *testing.T) {
	for _, tt := range []struct {
		holds, member    string // conflict sets of q's two claims
		holding, belongs float64
		want             map[graph.ID]float64
	}{
		{"holder", "", 0.6, 1, map[graph.ID]float64{"g": 0.5, "h": 0.5}},
		{"either", "either", 0.5, 0.5, map[graph.ID]float64{"g": 0.25 / 0.75}},
	} {
		b := graph.Batch{}
		for id, kind := range map[graph.ID]graph.Kind{"g": graph.Group, "h": graph.Group, "p": graph.Person, "q": graph.Person, "post": graph.Post, "body": graph.Institution} {
			b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}})
		}
		claim := func(typ graph.TieType, from, to graph.ID, confidence float64, set string) {
			b.Ties = append(b.Ties, graph.Tie{Type: typ, From: from, To: to, Confidence: graph.Stated(confidence), ConflictSet: set})
		}
		claim(graph.PostIn, "post", "body", 1, "")
		claim(graph.Holds, "p", "post", tt.holding, "holder")
		claim(graph.Holds, "q", "post", tt.holding, tt.holds)
		claim(graph.MemberOf, "p", "g", 1, "")
		claim(graph.MemberOf, "q", "h", tt.belongs, tt.member)
		s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
		if err != nil {
			t.Fatal(err)
		}
		r, err := queries.ExposureOf(t.Context(), s, queries.ExposureInput{Nodes: []graph.ID{"body"}, Params: worlds.DefaultParams()})
		if err != nil {
			t.Fatal(err)
		}
		got := map[graph.ID]float64{}
		for _, pair := range r.Pairs {
			got[pair.Group.ID] = pair.Largest
		}
		for id, want := range tt.want {
			if math.Abs(got[id]-want) > 1e-8 {
				t.Errorf("%s: %s has %g of the body, want %g", tt.holds, id, got[id], want)
			}
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: %v, want %v", tt.holds, got, tt.want)
		}
	}
}
