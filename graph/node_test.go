package graph_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entangle/graph"
)

func TestMergeNode(t *testing.T) {
	t.Parallel()
	old := graph.Node{
		ID: "g1", Kind: graph.Group,
		Names: []graph.Name{{Text: "Badr Brigade", Kind: graph.PrimaryName}, {Text: "منظمة بدر", Lang: "ar"}},
		Types: []string{"armed_group"}, Props: graph.Props{"founded": {"1982"}, "country": {"IQ"}},
		Aliases: []string{"wikidata:Q1"}, Citations: []graph.Citation{{Source: "s1"}}, Marking: graph.Amber, Load: "l1",
	}
	incoming := graph.Node{
		ID: "g1", Kind: graph.Group,
		Names: []graph.Name{{Text: "Badr", Kind: graph.PrimaryName}, {Text: "منظمة بدر", Lang: "ar"}},
		Types: []string{"party", "armed_group"}, Props: graph.Props{"founded": {"1983"}, "country": nil, "strength": {"10000"}},
		Aliases: []string{"wikidata:Q1", "popolo:9"}, Citations: []graph.Citation{{Source: "s1", Page: "2"}}, Marking: graph.Green, Load: "l2",
	}
	want := graph.Node{
		ID: "g1", Kind: graph.Group,
		Names: []graph.Name{{Text: "Badr Brigade", Kind: graph.PrimaryName}, {Text: "منظمة بدر", Lang: "ar"}, {Text: "Badr", Kind: graph.PrimaryName}},
		Types: []string{"armed_group", "party"}, Props: graph.Props{"founded": {"1983"}, "country": {"IQ"}, "strength": {"10000"}},
		Aliases: []string{"wikidata:Q1", "popolo:9"}, Citations: []graph.Citation{{Source: "s1"}, {Source: "s1", Page: "2"}}, Marking: graph.Amber, Load: "l1",
	}
	got := graph.MergeNode(old, incoming)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if got.Name() != "Badr Brigade" || !got.Is("party") || got.Is("tribe") {
		t.Errorf("name %q, types %v", got.Name(), got.Types)
	}
	got.Props["founded"][0], got.Names[0].Text = "0000", "changed"
	if old.Names[0].Text != "Badr Brigade" || incoming.Props["founded"][0] != "1983" {
		t.Error("the merged node shares memory with what it was made of")
	}
	if got := (graph.Node{ID: "p1"}).Name(); got != "p1" {
		t.Errorf("a node without names is called %q, want its id", got)
	}
}

func drawNode(t *rapid.T, label string) graph.Node {
	some := func(what string, of ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 3, rapid.ID).Draw(t, label+" "+what)
	}
	n := graph.Node{
		ID: "n", Kind: graph.Group, Marking: graph.Marking(rapid.IntRange(0, 4).Draw(t, label+" marking")), Load: graph.ID(label),
		Types: some("types", "party", "bloc", "tribe"), Aliases: some("aliases", "a:1", "b:2", "c:3"),
	}
	for _, s := range some("names", "Badr", "بدر", "Sadr") {
		n.Names = append(n.Names, graph.Name{Text: s})
	}
	for _, s := range some("sources", "s1", "s2", "s3") {
		n.Citations = append(n.Citations, graph.Citation{Source: graph.ID(s)})
	}
	for _, name := range some("props", "country", "founded", "summary") {
		n.Props = n.Props.Set(name, some(name, "x", "y")...)
	}
	return n
}

func TestMergeNodeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawNode(t, "a"), drawNode(t, "b"), drawNode(t, "c")
		equal := func(what string, x, y graph.Node) {
			if diff := cmp.Diff(x, y, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s:\n%s", what, diff)
			}
		}
		ab := graph.MergeNode(a, b)
		equal("a node merged with itself changes", a, graph.MergeNode(a, a))
		equal("merging again changes", ab, graph.MergeNode(ab, b))
		equal("what was merged first comes back", ab, graph.MergeNode(a, ab))
		equal("merging is not associative", graph.MergeNode(ab, c), graph.MergeNode(a, graph.MergeNode(b, c)))
		if ab.Load != a.Load || ab.Marking < a.Marking || ab.Marking < b.Marking {
			t.Fatalf("load %s, marking %v of %v and %v", ab.Load, ab.Marking, a.Marking, b.Marking)
		}
		for _, alias := range slices.Concat(a.Aliases, b.Aliases) {
			if !slices.Contains(ab.Aliases, alias) {
				t.Fatalf("alias %s is lost", alias)
			}
		}
	})
}

func TestNameKinds(t *testing.T) {
	t.Parallel()
	kinds := graph.NameKinds()
	if kinds[0] != graph.PrimaryName || len(kinds) != 6 {
		t.Errorf("name kinds %v", kinds)
	}
	for i, k := range kinds {
		if !word.MatchString(string(k)) || slices.Contains(kinds[:i], k) {
			t.Errorf("name kind %q is no word or there twice", k)
		}
	}
}
