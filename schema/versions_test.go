package schema_test

import (
	"bytes"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/schema/exec"
)

// TestHiddenCommitShowsNowhere: a commit that a caller is not cleared for changes no byte of any
// answer to the caller, extensions and snapshots included; who is cleared for it sees another
// version. A commit that all see gives everybody another version.
func TestHiddenCommitShowsNowhere(t *testing.T) {
	const document = `{ dataVersion stats { nodes ties loads { key dataset } } groups { totalCount nodes { name citations { key } } }
		exposure(asOf: "2018-01-01") { pairCount basis { dataVersion snapshot } } }`
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			data := fixture(t)
			store := loaded(t, open, data)
			s := newSchema(t, store)
			answers := func() (list [2]string) {
				t.Helper()
				for i, clearance := range []graph.Marking{graph.Amber, graph.Red} {
					p, errs := s.Prepare(t.Context(), exec.Request{Query: document})
					if errs != nil {
						t.Fatal(errs)
					}
					var out bytes.Buffer
					if _, err := s.Execute(t.Context(), p, clearance, &out); err != nil {
						t.Fatal(err)
					}
					list[i] = out.String()
				}
				return list
			}
			commit := func(m graph.Marking) {
				t.Helper()
				n := graph.Node{ID: "g-late", Kind: graph.Group, Names: []graph.Name{{Text: "Late " + m.String()}}, Marking: m}
				if m < graph.Red {
					n.ID = "g-later"
				}
				source := graph.Node{ID: "s-late", Kind: graph.Source, Names: []graph.Name{{Text: "Late"}}, Marking: graph.Red}
				n.Citations = []graph.Citation{{Source: source.ID}}
				if _, err := store.Apply(t.Context(), graph.Batch{Load: graph.Load{ID: graph.ID("load-" + m.String()), Dataset: "late"}, Nodes: []graph.Node{source, n}}); err != nil {
					t.Fatal(err)
				}
			}
			first := answers()
			commit(graph.Red)
			hidden := answers()
			if hidden[0] != first[0] {
				t.Errorf("the answer to AMBER was\n%s\nand is, once RED is committed,\n%s", first[0], hidden[0])
			}
			if hidden[1] == first[1] || !strings.Contains(hidden[1], `"dataVersion":`) {
				t.Errorf("the answer to RED is still\n%s", hidden[1])
			}
			commit(graph.Clear)
			if seen := answers(); seen[0] == hidden[0] || seen[1] == hidden[1] || strings.Contains(seen[0], "s-late") {
				t.Errorf("once CLEAR is committed the answers are\n%s\n%s", seen[0], seen[1])
			}
		})
	}
}
