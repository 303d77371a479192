package neo4jstore

import (
	"cmp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"pgregory.net/rapid"

	"entangle/graph"
)

// TestNamesDoNotCollide: a column of the vocabulary and a property of every node
// or tie cannot have one name; columns of one name have one type, since a
// condition may ask for several kinds at once.
func TestNamesDoNotCollide(t *testing.T) {
	check := func(where string, common map[string]any, specs []graph.PropSpec, seen map[string]graph.PropType) {
		for _, spec := range specs {
			if _, ok := common[spec.Name]; ok || strings.HasPrefix(spec.Name, "_") || strings.HasPrefix(spec.Name, graph.ResultPrefix) {
				t.Errorf("%s.%s has the name of a property of the store", where, spec.Name)
			}
			if typ, ok := seen[spec.Name]; ok && typ != spec.Type {
				t.Errorf("%s.%s has another type than a column of that name elsewhere", where, spec.Name)
			}
			seen[spec.Name] = spec.Type
			_ = word(spec.Name)
		}
	}
	bareNode := encodeNode(graph.Node{Kind: graph.Source})
	bareTie := encodeTie(graph.Tie{Type: graph.PostIn})
	for _, spec := range graph.Source.Info().Props {
		delete(bareNode, spec.Name)
	}
	nodes, ties := map[string]graph.PropType{}, map[string]graph.PropType{}
	for _, row := range graph.Kinds() {
		check(row.Name, bareNode, row.Props, nodes)
		_ = word(row.Name)
	}
	for _, row := range graph.TieTypes() {
		check(row.Name, bareTie, row.Props, ties)
		_ = word(row.Name)
	}
}

// TestWordRefuses: nothing gets into a statement that is no name.
func TestWordRefuses(t *testing.T) {
	for _, bad := range []string{"", "a b", "a`b", "n) DETACH DELETE n //", "é", "1a", "a\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken for a name", bad)
				}
			}()
			word(bad)
		}()
	}
}

// TestSplitKeyKeepsOrder: the two parts of keys compare as the keys do.
func TestSplitKeyKeepsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		common := strings.Repeat(rapid.SampledFrom([]string{"a", "é", "😀"}).Draw(rt, "letter"), rapid.IntRange(maxKeyRunes-3, maxKeyRunes+1).Draw(rt, "letters"))
		tail := rapid.StringOfN(rapid.RuneFrom([]rune("abé😀")), 0, 4, -1)
		a, b := common+tail.Draw(rt, "a"), common+tail.Draw(rt, "b")
		headA, restA := splitKey(a)
		headB, restB := splitKey(b)
		if got := cmp.Or(cmp.Compare(headA, headB), cmp.Compare(restA, restB)); got != cmp.Compare(a, b) || headA+restA != a {
			rt.Errorf("%q and %q compare as %d in parts", a, b, got)
		}
		if len(headA) > 4*maxKeyRunes {
			rt.Errorf("a head of %d bytes", len(headA))
		}
	})
}

// sent gives properties the types in which the driver returns them.
func sent(props map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range props {
		switch v := v.(type) {
		case nil:
		case []string:
			list := make([]any, len(v))
			for i, s := range v {
				list[i] = s
			}
			out[name] = list
		default:
			out[name] = v
		}
	}
	return out
}

// TestDecodeGivesBack: what is encoded is decoded, for each kind and type with all
// of its columns.
func TestDecodeGivesBack(t *testing.T) {
	sample := map[graph.PropType]string{graph.StringProp: "text", graph.IntProp: "1073741824", graph.FloatProp: "1e-07", graph.BoolProp: "true", graph.DateProp: "201X"}
	fill := func(specs []graph.PropSpec) graph.Props {
		props := graph.Props{}
		for _, spec := range specs {
			props[spec.Name] = []string{sample[spec.Type]}
			if spec.List {
				props[spec.Name] = []string{"b", "a"}
			}
			if len(spec.Enum) > 0 {
				props[spec.Name] = spec.Enum[:1]
			}
		}
		return props
	}
	cited := []graph.Citation{{Source: "s", Page: "4"}, {Source: "s2"}}
	for _, row := range graph.Kinds() {
		want := graph.Node{
			ID: "x", Kind: row.Kind, Names: []graph.Name{{Text: "One"}, {Text: "Two", Lang: "ar", Kind: graph.NativeName}},
			Types: []string{"b", "a"}, Aliases: []string{"x:1"}, Props: fill(row.Props), Citations: cited, Marking: graph.AmberStrict, Load: "l",
		}
		got, problems := decodeNode(dbtype.Node{Labels: []string{"Other", labelEntity, row.Name}, Props: sent(encodeNode(want))})
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || len(problems) > 0 {
			t.Errorf("%s (-want +got):\n%s %v", row.Name, diff, problems)
		}
	}
	for _, row := range graph.TieTypes() {
		span, err := graph.ParseInterval("2010-05/..")
		if err != nil {
			t.Fatal(err)
		}
		want := graph.Tie{
			ID: "t", Type: row.Type, From: "a", To: "b", Span: span, Confidence: graph.Stated(0.1 + 0.2), Weight: graph.KnownShare(0), Props: fill(row.Props), Citations: cited,
			Grade: graph.Grade{Credibility: '2'}, Marking: graph.Green, Status: graph.Conflict, ConflictSet: "c", Derived: true, DerivedBy: "r/1", Note: "n", Load: "l",
		}
		got, problems := decodeTie(dbtype.Relationship{Type: row.Name, Props: sent(encodeTie(want))}, "a", "b")
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || len(problems) > 0 {
			t.Errorf("%s (-want +got):\n%s %v", row.Name, diff, problems)
		}
	}
}

// TestDecodeRefuses: values of other types are problems, not zero values.
func TestDecodeRefuses(t *testing.T) {
	for name, value := range map[string]any{
		"id": int64(1), "name": int64(1), "otherNames": "x", "types": []any{int64(1)}, "aliases": true, "born": dbtype.LocalDateTime{}, "died": int64(1980),
		"marking": "SECRET", "sources": "s", "load": 1.5, "gender": []any{"x"},
	} {
		props := map[string]any{"id": "x", "name": "X"}
		props[name] = value
		_, problems := decodeNode(dbtype.Node{Labels: []string{"Person"}, Props: props})
		if len(problems) != 1 || problems[0].Field != name {
			t.Errorf("%s = %v: problems %v", name, value, problems)
		}
	}
	for name, value := range map[string]any{
		"start": int64(2010), "end": "later", "confidence": "high", "weight": true, "grade": "Z9", "status": "MAYBE", "derived": "yes", "role": int64(3), "marking": int64(1),
	} {
		_, problems := decodeTie(dbtype.Relationship{Type: "MEMBER_OF", Props: map[string]any{"id": "t", name: value}}, "a", "b")
		if len(problems) != 1 || problems[0].Field != name {
			t.Errorf("%s = %v: problems %v", name, value, problems)
		}
	}
}

// TestRecent compares servers' versions.
func TestRecent(t *testing.T) {
	for version, want := range map[string]bool{"5.26.30": true, "5.23.0": true, "5.22.1": false, "4.4.40": false, "2025.04.0": true, "5.27-aura": true, "v5.26.0 compatible": false, "5": false, "": false, "five.twenty": false} {
		if recent(version) != want {
			t.Errorf("recent(%q) is %t", version, !want)
		}
	}
}
