package neo4jstore_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
	"entangle/schema"
	"entangle/schema/exec"
)

// small is an institution with two posts, holders and a group.
func small() graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: "load-small", Dataset: "small"}}
	add := func(kind graph.Kind, ids ...graph.ID) {
		for _, id := range ids {
			b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id), Kind: graph.PrimaryName}}, Props: graph.Props{"summary": {"as written"}}})
		}
	}
	add(graph.Institution, "i")
	add(graph.Post, "q1", "q2")
	add(graph.Person, "p1", "p2")
	add(graph.Group, "g")
	b.Ties = []graph.Tie{
		{Type: graph.PostIn, From: "q1", To: "i"},
		{Type: graph.PostIn, From: "q2", To: "i"},
		{Type: graph.Holds, From: "p1", To: "q1"},
		{Type: graph.Holds, From: "p2", To: "q2", Props: graph.Props{"rank": {"first"}}},
		{Type: graph.MemberOf, From: "p1", To: "g"},
		{Type: graph.MemberOf, From: "p2", To: "g"},
	}
	return b
}

// levels asks for a node and, level by level, for what hangs on it, and spoils
// what it was given.
func levels(t *testing.T, v graph.View) (names []string) {
	t.Helper()
	near := []graph.ID{"i"}
	for _, q := range []graph.AdjacentQuery{
		{Type: graph.PostIn, Dir: graph.Back, Limit: 100}, {Type: graph.Holds, Dir: graph.Back, Limit: 20}, {Type: graph.MemberOf, Limit: 20},
	} {
		nodes, err := v.NodesByID(t.Context(), near)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range near {
			names = append(names, nodes[id].Name()+" "+nodes[id].Props.Text("summary"))
			nodes[id].Names[0].Text, nodes[id].Props["summary"][0] = "spoilt", "spoilt"
		}
		q.Nodes = near
		pages, err := v.Adjacent(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		near = nil
		for _, page := range pages {
			for i, tie := range page.Ties {
				far := tie.From
				if q.Dir == graph.Out {
					far = tie.To
				}
				near = append(near, far)
				names = append(names, string(tie.From)+tie.Props.Text("rank")+string(tie.To))
				page.Ties[i].From = "spoilt"
				if tie.Props != nil {
					tie.Props["rank"][0] = "spoilt"
				}
			}
		}
		slices.Sort(near)
		near = slices.Compact(near)
	}
	slices.Sort(names)
	return names
}

// TestMemory: of one state everything is asked for once; any commit makes another
// state, whoever it was.
func TestMemory(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, small())
	rec.since()
	want := levels(t, unsettled(t, s, graph.Clear))
	// The nodes at the other ends came along with the ties.
	first := []string{"tip", "hidden_sources", "look_up", "look_up", "look_up", "look_up"}
	if sent := rec.since(); !slices.Equal(sent, first) {
		t.Errorf("at first: sent %q, want %q", sent, first)
	}
	got := levels(t, unsettled(t, s, graph.Clear))
	if sent := rec.since(); !slices.Equal(sent, []string{"tip"}) {
		t.Errorf("again: sent %q", sent)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("again: %s", diff)
	}
	if other := levels(t, unsettled(t, s, graph.Red)); !slices.Equal(other, want) {
		t.Errorf("under another clearance: %q", other)
	}
	// That one covers every source: none is hidden.
	if sent := rec.since(); !slices.Equal(sent, slices.Delete(slices.Clone(first), 1, 2)) {
		t.Errorf("under another clearance: sent %q", sent)
	}

	admin(t, shared, "MATCH (p:Post {id: 'q1'}) SET p.summary = 'as rewritten'", nil)
	changed := strings.ReplaceAll(strings.Join(want, "\n"), "q1 as written", "q1 as rewritten")
	if got := levels(t, unsettled(t, s, graph.Clear)); strings.Join(got, "\n") != changed {
		t.Errorf("after another's commit: %q", got)
	}
	b := small()
	b.Nodes = b.Nodes[:1]
	b.Nodes[0].Props, b.Ties = graph.Props{"summary": {"as applied"}}, nil
	apply(t, s, b)
	changed = strings.ReplaceAll(changed, "i as written", "i as applied")
	if got := levels(t, unsettled(t, s, graph.Clear)); strings.Join(got, "\n") != changed {
		t.Errorf("after a commit: %q", got)
	}
}

// TestMemoryOff: nothing is kept from one view to the next.
func TestMemoryOff(t *testing.T) {
	var rec recorder
	s := open(t, rec.on, func(c *neo4jstore.Config) { c.CacheSize = -1 })
	apply(t, s, small())
	want := levels(t, unsettled(t, s, graph.Clear))
	rec.since()
	if got := levels(t, unsettled(t, s, graph.Clear)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if sent := rec.since(); !slices.Equal(sent, []string{"tip", "look_up", "look_up", "look_up", "look_up"}) {
		t.Errorf("sent %q", sent)
	}
}

// TestHiddenStaysHidden: memories of two clearances are two.
func TestHiddenStaysHidden(t *testing.T) {
	s := open(t)
	b := small()
	b.Nodes[1].Marking = graph.Red
	apply(t, s, b)
	all := levels(t, unsettled(t, s, graph.Red))
	some := levels(t, unsettled(t, s, graph.Clear))
	if len(all) == len(some) || strings.Contains(strings.Join(some, " "), "q1") {
		t.Errorf("%q with %q in all", some, all)
	}
}

// TestManyAskTogether: those who come together share the question where the
// database stands, and each still sees what was committed before it came.
func TestManyAskTogether(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, storetest.Fixture())
	rec.since()
	const callers, each = 16, 10
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				if _, err := s.Version(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(rec.since()); n == 0 || n > callers*each/2 {
		t.Errorf("%d questions for %d callers", n, callers*each)
	}
	last, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		admin(t, shared, `CREATE (:Group {id: 'g-' + randomUUID(), name: 'late'})`, nil)
		now := mustVersion(t, s)
		if now == last {
			t.Fatalf("version %s after a commit and before it", now)
		}
		last = now
	}
}

// TestOneStatementALevel: a GraphQL query sends one statement for each level at
// the most, one beside it for each further field of ties.
func TestOneStatementALevel(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, small())
	sc, err := schema.New(schema.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		document string
		kind     graph.Kind
		id       graph.ID
		want     []string
		holds    string
	}{
		"an institution": {
			`query($id: ID!) { node(id: $id) { ... on Institution { name posts { nodes { name holders { nodes { name memberOf { nodes { name } } } } } } } } }`,
			graph.Institution, "i",
			[]string{"look_up"},
			`"memberOf":{"nodes":[{"name":"g"}]}`,
		},
		"a group": {
			`query($id: ID!) { node(id: $id) { ... on Group { name members(first: 50) { nodes { name holds { nodes { name postIn { nodes { name } } } } } } } } }`,
			graph.Group, "g",
			[]string{"look_up"},
			`"postIn":{"nodes":[{"name":"i"}]}`,
		},
		"a person": {
			`query($id: ID!) { node(id: $id) { ... on Person { name memberOf { nodes { name } } holds { nodes { name postIn { nodes { name } } } } } } }`,
			graph.Person, "p1",
			[]string{"look_up"},
			`"memberOf":{"nodes":[{"name":"g"}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			bump(t)
			variables, err := json.Marshal(map[string]string{"id": schema.GlobalID(tt.kind, tt.id)})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range [][]string{append([]string{"tip", "hidden_sources"}, tt.want...), {"tip"}} {
				rec.since()
				p, problems := sc.Prepare(t.Context(), exec.Request{Query: tt.document, Variables: variables})
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				var out bytes.Buffer
				if _, err := sc.Execute(t.Context(), p, graph.Clear, &out); err != nil {
					t.Fatal(err)
				}
				if sent := rec.since(); !slices.Equal(sent, want) {
					t.Errorf("sent %q, want %q", sent, want)
				}
				if !strings.Contains(out.String(), tt.holds) {
					t.Errorf("no %s in %s", tt.holds, &out)
				}
			}
		})
	}
}

// TestStaleness: within the staleness that is allowed nothing is asked twice, whoever commits;
// behind it, and after a commit of the store's own, what is there is shown.
func TestStaleness(t *testing.T) {
	var rec recorder
	s := open(t, rec.on, func(c *neo4jstore.Config) { c.Staleness = time.Second })
	apply(t, s, small())
	summary := func() string {
		t.Helper()
		nodes, err := unsettled(t, s, graph.Clear).NodesByID(t.Context(), []graph.ID{"q1"})
		if err != nil {
			t.Fatal(err)
		}
		return nodes["q1"].Props.Text("summary")
	}
	first := summary()
	rec.since()
	began := time.Now()
	admin(t, shared, "MATCH (p:Post {id: 'q1'}) SET p.summary = 'as rewritten'", nil)
	if now := summary(); now != first && time.Since(began) < time.Second {
		t.Errorf("within the time: %q, before %q", now, first)
	}
	if sent := rec.since(); len(sent) > 0 && time.Since(began) < time.Second {
		t.Errorf("within the time: sent %q", sent)
	}
	until(t, "a commit of others is seen", func() bool { return summary() == "as rewritten" })
	b := small()
	changed := b.Nodes[slices.IndexFunc(b.Nodes, func(n graph.Node) bool { return n.ID == "q1" })]
	changed.Props = graph.Props{"summary": {"as applied"}}
	apply(t, s, graph.Batch{Nodes: []graph.Node{changed}})
	if now := summary(); now != "as applied" {
		t.Errorf("after a commit of the store's own: %q", now)
	}
}
