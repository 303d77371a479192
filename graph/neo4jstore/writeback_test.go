package neo4jstore_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// readMarks reads what a run says of nodes, as an analyst does.
func readMarks(t *testing.T, run string) map[string][3]float64 {
	t.Helper()
	out := map[string][3]float64{}
	for _, row := range admin(t, shared, "MATCH (n) WHERE n.x_"+run+"_fractured IS NOT NULL RETURN n.id, n.x_"+run+"_fractured, n.x_"+run+"_low, n.x_"+run+"_high", nil) {
		var m [3]float64
		for i := range m {
			m[i], _ = row.Values[i+1].(float64)
		}
		id, _ := row.Values[0].(string)
		out[id] = m
	}
	return out
}

// asked runs the program on the server of the tests.
func asked(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append(args, "--store", shared.URI)...)
	cmd.Env = environment()
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, errs.String())
	}
	return string(out) + errs.String()
}

// TestWriteBack: what a purge says of institutions is kept beside the data, and changes nothing
// that is read, loaded or copied: answers, statistics, problems, hashes of all nodes and ties.
func TestWriteBack(t *testing.T) {
	s := open(t)
	loadSample(t, s)
	source := embedded(t)
	loadSample(t, source)
	program := build(t)
	purge := []string{"purge", "--group", "Badr Organization", "--as-of", "2020-08-24", "--samples", "640", "--json", "--first", "1000"}
	answers := func() (purged map[string]any, others string) {
		if err := json.Unmarshal([]byte(asked(t, program, purge...)), &purged); err != nil {
			t.Fatal(err)
		}
		basis, _ := purged["basis"].(map[string]any)
		delete(basis, "dataVersion")
		var told strings.Builder
		for _, question := range []string{"exposure", "brokers"} {
			told.WriteString(asked(t, program, question, "--as-of", "2020-08-24", "--wide"))
		}
		lists, _, _ := strings.Cut(asked(t, program, "query", "{ people { totalCount } ties { totalCount } institutions(first: 1000) { nodes { id name } } problems { totalCount } }"), `,"extensions":`)
		return purged, told.String() + lists
	}
	before, plain := answers()
	want := contents(t)

	told := asked(t, program, append(purge, "--write-back", "badr")...)
	if !strings.Contains(told, "kept in the database: what run badr says of ") {
		t.Errorf("told %s", told)
	}
	marks := readMarks(t, "badr")
	expected, own := map[string][3]float64{}, 0
	list, _ := before["institutions"].([]any)
	for _, row := range list {
		out, _ := row.(map[string]any)
		body, _ := out["institution"].(map[string]any)
		f, _ := out["fractured"].(map[string]any)
		key, _ := body["key"].(string)
		if out["own"] == true && out["noData"] != true {
			own++
		}
		if out["noData"] != true {
			expected[key] = [3]float64{number(f["p"]), number(f["low"]), number(f["high"])}
		}
	}
	if rows := admin(t, shared, "MATCH (n:Institution {x_badr_own: true}) RETURN count(n), min(n.x_badr_fractured) IS NOT NULL", nil); rows[0].Values[0] != int64(own) || own == 0 || rows[0].Values[1] != true {
		t.Errorf("%v are the target's own, the answer has %d", rows[0].Values, own)
	}
	if diff := cmp.Diff(expected, marks); diff != "" || len(marks) < 10 {
		t.Errorf("%d marks (-answer +database):\n%s", len(marks), diff)
	}
	if text := asked(t, program, "runs"); !strings.Contains(text, "badr") || !strings.Contains(text, "2020-08-24") || !strings.Contains(text, "group/badr-organization") {
		t.Errorf("runs: %s", text)
	}

	after, same := answers()
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the purge (-before +behind):\n%s", diff)
	}
	if diff := cmp.Diff(plain, same); diff != "" {
		t.Errorf("other questions (-before +behind):\n%s", diff)
	}
	equal(t, source, s)
	if problems, err := s.Problems(t.Context(), graph.ProblemQuery{}); err != nil || len(problems.Page) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	loadSample(t, s)
	if diff := cmp.Diff(marks, readMarks(t, "badr")); diff != "" {
		t.Errorf("behind a load:\n%s", diff)
	}
	node := graph.Node{ID: "institution/ministry-of-interior", Kind: graph.Institution, Names: []graph.Name{{Text: "Ministry of Interior", Kind: graph.PrimaryName}}, Props: graph.Props{"summary": {"Changed."}}}
	for id := range marks {
		node.ID = graph.ID(id)
	}
	if a := apply(t, s, graph.Batch{Nodes: []graph.Node{node}}); a.NodesUpdated != 1 {
		t.Errorf("a change: %+v", a)
	}
	if diff := cmp.Diff(marks, readMarks(t, "badr")); diff != "" {
		t.Errorf("behind a change:\n%s", diff)
	}

	if text := asked(t, program, "runs", "--remove", "badr"); !strings.Contains(text, "removed: what run badr said of ") {
		t.Errorf("told %s", text)
	}
	if left := readMarks(t, "badr"); len(left) > 0 || !strings.Contains(asked(t, program, "runs"), "no runs") {
		t.Errorf("left: %v", left)
	}
	now := contents(t)
	delete(now, "node "+string(node.ID))
	delete(want, "node "+string(node.ID))
	if diff := cmp.Diff(want, now); diff != "" {
		t.Errorf("behind it all:\n%s", diff)
	}
}

func number(v any) float64 {
	f, _ := v.(float64)
	return f
}

// TestRuns: a run is kept whole or not at all, takes the place of the earlier one of its name,
// and is not kept where the data is no longer what was asked.
func TestRuns(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, people(0, 3))
	mark := func(id graph.ID, p float64) graph.Mark { return graph.Mark{Node: id, P: p, Low: p / 2, High: p * 2} }
	run := func(name string) graph.Run {
		return graph.Run{Name: name, Of: mustVersion(t, s), About: map[string]any{"asOf": "2020-08-24", "targets": []string{"a", "b"}}}
	}
	if err := s.WriteRun(t.Context(), run("one"), []graph.Mark{mark("p-0", 0.5), mark("p-1", 0.25)}); err != nil {
		t.Fatal(err)
	}
	again := run("one") // the names of its properties were new
	rec.since()
	if err := s.WriteRun(t.Context(), again, []graph.Mark{mark("p-1", 0.125)}); err != nil {
		t.Fatal(err)
	}
	_ = mustVersion(t, s)
	for _, sent := range rec.since() {
		if strings.HasPrefix(sent, "sweep") {
			t.Error("what this store wrote itself is looked at like others' writes")
		}
	}
	if diff := cmp.Diff(map[string][3]float64{"p-1": {0.125, 0.0625, 0.25}}, readMarks(t, "one")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	old := run("two")
	admin(t, shared, "CREATE (:Ship)", nil)
	for what, tt := range map[string]struct {
		run   graph.Run
		marks []graph.Mark
		want  error
	}{
		"of an earlier state":   {old, []graph.Mark{mark("p-0", 1)}, graph.ErrMoved},
		"of a node that is not": {run("two"), []graph.Mark{mark("p-0", 1), mark("nobody", 1)}, graph.ErrMoved},
		"without a name":        {run(""), nil, graph.ErrQuery},
		"with a name of ours":   {run("_two"), nil, graph.ErrQuery},
	} {
		if err := s.WriteRun(t.Context(), tt.run, tt.marks); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if left := readMarks(t, "two"); len(left) > 0 {
		t.Errorf("half a run is there: %v", left)
	}
	runs, err := s.Runs(t.Context())
	want := []graph.Run{{Name: "one", About: map[string]any{"asOf": "2020-08-24", "targets": []any{"a", "b"}, "marks": int64(1)}}}
	if diff := cmp.Diff(want, runs); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n, err := s.RemoveRun(t.Context(), "one"); n != 1 || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
	if n, err := s.RemoveRun(t.Context(), "one"); n != 0 || err != nil {
		t.Errorf("removed again: %d, %v", n, err)
	}
	if _, err := s.RemoveRun(t.Context(), "one`"); !errors.Is(err, graph.ErrQuery) {
		t.Error(err)
	}
}

// TestResultsOfOthers: whatever has a name with x_ is left alone: properties of nodes and ties,
// labels, nodes and relationships. They survive a load, and a tie that moves takes its own along.
func TestResultsOfOthers(t *testing.T) {
	s := open(t)
	b := people(0, 3)
	apply(t, s, b)
	counts, err := mustView(t, s, graph.Clear).Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admin(t, shared, `MATCH (p:Person)-[r:MEMBER_OF]->(g) SET p.x_rank = 1.5, p:x_Central, r.x_weight = [1, 2]
		CREATE (c:x_Claim {id: 'p-0', name: 'none'}), (p)-[:x_CITES]->(c), (c)-[:x_OF]->(g)`, nil)
	if problems, err := s.Problems(t.Context(), graph.ProblemQuery{}); err != nil || len(problems.Page) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	now, err := mustView(t, s, graph.Clear).Counts(t.Context())
	if diff := cmp.Diff(counts, now); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if a := apply(t, s, b); a.Changed() {
		t.Errorf("the same again: %+v", a)
	}
	moved := b.Ties[0]
	moved.Note = "changed"
	apply(t, s, graph.Batch{Ties: []graph.Tie{moved}})
	rows := admin(t, shared, `MATCH (p:Person:x_Central {x_rank: 1.5})-[r:MEMBER_OF {x_weight: [1, 2]}]->(), (p)-[:x_CITES]->(:x_Claim)-[:x_OF]->() RETURN count(DISTINCT p), count(DISTINCT r)`, nil)
	if rows[0].Values[0] != int64(3) || rows[0].Values[1] != int64(3) {
		t.Errorf("left: %v", rows[0].Values)
	}
}
