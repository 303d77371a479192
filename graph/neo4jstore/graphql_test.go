package neo4jstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entangle/data"
	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/projection"
	"entangle/graph/storetest"
	"entangle/loaders"
	"entangle/loaders/all"
	"entangle/schema"
	"entangle/schema/exec"
)

// response runs a document under a clearance and returns the whole response.
func response(t *testing.T, s *schema.Schema, clearance graph.Marking, document string, variables map[string]any) string {
	t.Helper()
	v, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := s.Prepare(t.Context(), exec.Request{Query: document, Variables: v})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var out bytes.Buffer
	if _, err := s.Execute(t.Context(), p, clearance, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// dataVersion is what two stores of equal data may differ in.
var dataVersion = regexp.MustCompile(`"dataVersion":"[^"]*"`)

// sameResponse holds two schemas' responses to a document against each other.
func sameResponse(t *testing.T, a, b *schema.Schema, clearance graph.Marking, document string, variables map[string]any, holds string) {
	t.Helper()
	want := dataVersion.ReplaceAllString(response(t, a, clearance, document, variables), "")
	got := dataVersion.ReplaceAllString(response(t, b, clearance, document, variables), "")
	if want != got {
		t.Errorf("the embedded store and Neo4j (-+) answer differently: %s", cmp.Diff(want, got))
	}
	if !strings.Contains(want, holds) || strings.Contains(want, `"errors"`) {
		t.Errorf("want %q in\n%.2000s", holds, want)
	}
}

func newSchema(t *testing.T, s graph.Store, change ...func(*schema.Config)) *schema.Schema {
	t.Helper()
	c := schema.Config{Store: s}
	for _, f := range change {
		f(&c)
	}
	sc, err := schema.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func loadIraq(t *testing.T, s graph.Store) {
	t.Helper()
	var inputs []loaders.Input
	for _, name := range []string{"nodes.csv", "ties.csv"} {
		text, err := fs.ReadFile(data.Iraq(), name)
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, loaders.Bytes(name, text))
	}
	report, err := loaders.Run(t.Context(), s, all.Registry(), inputs, loaders.Options{Dataset: "iraq-sample"})
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Rows().Rejected; n > 0 {
		t.Fatalf("%d rows were rejected", n)
	}
}

// lists asks for what lists, look-ups, filters and searches give.
const lists = `{
  stats { nodes ties byKind { kind count } byType { type count } }
  people(first: 40, where: {memberOf: {some: {}}}) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { id key name names { text } born { edtf } memberOf { totalCount edges { tie { start { edtf } grade confidence { value rule } citations { page source { name } } } } nodes { name } } holds { nodes { name postIn { nodes { name types } } } } }
  }
  groups(first: 30) { nodes { key name types members(first: 5, asOf: "2020-08-24") { totalCount nodes { name } } controls { nodes { name } } } }
  institutions(first: 30, where: {types: {includes: "ministry"}}) { nodes { key name posts(first: 5) { nodes { name holders { nodes { name } } } } } }
  ties(types: [CONTROLS, INFLUENCES], first: 50) { nodes { key type status from { name } to { name } } }
  search(text: "badr") { name rank node { key kind } }
  sources(first: 5) { nodes { name url } }
}`

// TestSameGraphQL: lists and every question, asked of the sample of Iraq and of
// random data, are answered in the same bytes by both stores.
func TestSameGraphQL(t *testing.T) {
	a, b := embedded(t), open(t)
	loadIraq(t, a)
	loadIraq(t, b)
	sa, sb := newSchema(t, a), newSchema(t, b)
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		t.Run("lists "+clearance.String(), func(t *testing.T) { sameResponse(t, sa, sb, clearance, lists, nil, "Badr") })
	}

	badr := map[string]any{"targets": []string{"Badr Organization"}}
	for file, tt := range map[string]struct {
		variables map[string]any
		holds     string
	}{
		"schema/purge":                  {badr, `"institution":{`},
		"cmd/entangle/ask/attribution":  {map[string]any{"targets": []string{"Badr Organization", "Kata'ib Hizballah"}}, "Badr"},
		"cmd/entangle/ask/changes":      {map[string]any{"from": "2014-06-10", "to": "2020-08-24"}, "beganCount"},
		"cmd/entangle/ask/compare":      {map[string]any{"targets": []string{"Badr Organization"}, "withTargets": []string{"Kata'ib Hizballah"}}, `"first":{"targets":[{`},
		"cmd/entangle/ask/entanglement": {map[string]any{"groups": []string{"Badr Organization", "Kata'ib Hizballah"}}, `"pairs":[{"group"`},
		"cmd/entangle/ask/exposure":     {map[string]any{"nodes": []string{"Ministry of Interior"}}, "Badr"},
		"cmd/entangle/ask/frontier":     {map[string]any{"groups": []string{"Badr Organization", "Kata'ib Hizballah", "Asa'ib Ahl al-Haq"}}, "Badr"},
		"cmd/entangle/ask/insure":       {map[string]any{"targets": []string{"Kata'ib Hizballah"}, "size": 1}, "Kata'ib"},
		"cmd/entangle/ask/paths":        {map[string]any{"from": "Badr Organization", "to": "Ministry of Interior"}, "Interior"},
		"cmd/entangle/ask/sensitivity":  {map[string]any{"targets": []string{"Badr Organization"}, "trajectories": 2}, "Badr"},
		"cmd/entangle/ask/stage":        {map[string]any{"targets": []string{"Badr Organization", "Kata'ib Hizballah"}}, "Badr"},
		"cmd/entangle/ask/verify":       {badr, "Badr"},
		"cmd/entangle/ask/worst-case":   {badr, "Badr"},
	} {
		t.Run(file, func(t *testing.T) {
			document, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)+".graphql"))
			if err != nil {
				t.Fatal(err)
			}
			document = append(document, fragmentsOf(t, string(document))...)
			all := map[string]any{"asOf": "2020-08-24", "seed": 7, "samples": 256, "first": 5}
			maps.DeleteFunc(all, func(name string, _ any) bool { return !strings.Contains(string(document), "$"+name+":") })
			maps.Copy(all, tt.variables)
			sameResponse(t, sa, sb, graph.Red, string(document), all, tt.holds)
		})
	}
}

// fragmentsOf returns the shared fragments that a command's document names, and those
// that they name.
func fragmentsOf(t *testing.T, document string) (all string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "cmd", "entangle", "ask", "fragments.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "\nfragment ")
	shared := strings.Split(list, "\nfragment ")
	for found := true; found; {
		found = false
		shared = slices.DeleteFunc(shared, func(f string) bool {
			name, _, _ := strings.Cut(f, " ")
			if strings.Contains(document, "fragment "+name+" ") {
				return true // the document has its own
			}
			if used, _ := regexp.MatchString(`\.\.\.`+name+`\b`, document+all); !used {
				return false
			}
			all += "\nfragment " + f
			found = true
			return true
		})
	}
	return all
}

// viewed is a store of one view, that stays open.
type viewed struct {
	graph.Store
	view graph.View
}

func (v viewed) View(context.Context, graph.Marking) (graph.View, error) {
	return unclosed{v.view}, nil
}

type unclosed struct{ graph.View }

func (unclosed) Close() error { return nil }

// TestSamePurgeOfRandomData: so are lists and purges of every group of random data.
func TestSamePurgeOfRandomData(t *testing.T) {
	needServer(t)
	document, err := os.ReadFile(filepath.Join("..", "..", "schema", "purge.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	purges := 0
	storetest.Compare(t, 4, func(t *testing.T) (a, b graph.Store) {
		t.Helper()
		return embedded(t), open(t)
	}, func(t *testing.T, va, vb graph.View) {
		t.Helper()
		groups, err := collect(va.Nodes(t.Context(), graph.NodeQuery{Kinds: []graph.Kind{graph.Group}, Limit: 6}))
		if err != nil {
			t.Fatal(err)
		}
		sa, sb := newSchema(t, viewed{view: va}), newSchema(t, viewed{view: vb})
		sameResponse(t, sa, sb, graph.Red, lists, nil, "byKind")
		for _, g := range groups {
			purges++
			variables := map[string]any{"targets": []string{schema.GlobalID(graph.Group, g.ID)}, "asOf": "2012-01-01", "seed": 3, "samples": 128}
			sameResponse(t, sa, sb, graph.Red, string(document), variables, "institutionCount")
		}
	})
	if purges == 0 {
		t.Error("no story has a group")
	}
}

// TestFreshness: a question asked through the projection sees what others committed
// by Cypher, unless it allows age: then it is answered from the picture there is
// while the next is taken.
func TestFreshness(t *testing.T) {
	s := open(t)
	loadIraq(t, s)
	sc := newSchema(t, s, func(c *schema.Config) { c.Clock = time.Now })
	const document = `query($staleness: Int) {
	  purge(targets: ["Badr Organization"], asOf: "2020-08-24", samples: 64, staleness: $staleness) { institutionCount basis { nodes dataVersion snapshot } } }`
	type shot struct {
		Data struct {
			Purge struct {
				Basis struct {
					Nodes                 int
					DataVersion, Snapshot string
				}
			}
		}
		Extensions struct{ DataVersion string }
		Errors     []json.RawMessage
	}
	purge := func(staleness int) shot {
		t.Helper()
		var x shot
		if err := json.Unmarshal([]byte(response(t, sc, graph.Red, document, map[string]any{"staleness": staleness})), &x); err != nil || len(x.Errors) > 0 {
			t.Fatalf("%v %s", err, x.Errors)
		}
		return x
	}
	before := purge(0)
	if before.Extensions.DataVersion != before.Data.Purge.Basis.DataVersion {
		t.Errorf("the request read %s, the purge %s", before.Extensions.DataVersion, before.Data.Purge.Basis.DataVersion)
	}
	admin(t, shared, `CREATE (:Institution {id: 'institution/raw', name: 'Raw Office'})`, nil)
	after := purge(0)
	if after.Data.Purge.Basis.DataVersion == before.Data.Purge.Basis.DataVersion || after.Data.Purge.Basis.Snapshot == before.Data.Purge.Basis.Snapshot || after.Data.Purge.Basis.Nodes != before.Data.Purge.Basis.Nodes+1 {
		t.Errorf("after a commit by Cypher: %+v, before it %+v", after, before)
	}
	admin(t, shared, `CREATE (:Institution {id: 'institution/raw2', name: 'Raw Office 2'})`, nil)
	settle(t, s) // as an open store does by itself
	stale := purge(3600)
	if stale.Data.Purge != after.Data.Purge || stale.Extensions.DataVersion == after.Extensions.DataVersion {
		t.Errorf("with an hour allowed: %+v, want what was there: %+v, and the request to tell the newer version", stale, after)
	}
	for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if now := purge(3600); now.Data.Purge.Basis.Nodes == after.Data.Purge.Basis.Nodes+1 {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the newer picture was not taken beside")
		}
	}
}

// bump makes another state, of which nothing was read yet.
func bump(t *testing.T) {
	t.Helper()
	admin(t, shared, "MERGE (x:Elsewhere) SET x.n = coalesce(x.n, 0) + 1", nil)
}

// TestReadAgain: a request that read of two states begins anew; what somebody
// commits while a picture is taken does not get half into it.
func TestReadAgain(t *testing.T) {
	var commits atomic.Int32 // yet to be made in the middle of a reading
	fresh := false           // the view has not read yet
	made := 0
	var other graph.Store
	write := func(name, _ string) {
		if name == "hidden_sources" {
			fresh = true
		}
		if fresh && (name == "count_nodes" || name == "ties") && commits.Add(-1) >= 0 {
			fresh = false
			made++
			changed := small().Nodes[len(small().Nodes)-1] // the group
			changed.Props = graph.Props{"summary": {"x" + strings.Repeat("x", made)}}
			late := graph.Node{ID: graph.ID(fmt.Sprintf("late%d", made)), Kind: graph.Group, Names: []graph.Name{{Text: "late"}}}
			apply(t, other, graph.Batch{Nodes: []graph.Node{changed, late}})
		}
	}
	s := open(t, func(c *neo4jstore.Config) { c.OnStatement = write })
	apply(t, s, small())
	other, err := neo4jstore.Open(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	sc := newSchema(t, s)
	document := fmt.Sprintf(`{ node(id: %q) { ... on Institution { posts { nodes { holders { nodes { memberOf { nodes { name summary } } } } } } } } groups { totalCount } }`, schema.GlobalID(graph.Institution, "i"))
	for _, tt := range []struct {
		commits int32
		moved   bool
	}{{0, false}, {1, false}, {2, false}, {3, true}} {
		admin(t, shared, `MATCH (g:Group) WHERE g.id <> 'g' DETACH DELETE g`, nil)
		admin(t, shared, `MATCH (g:Group) SET g.summary = 'x'`, nil)
		settle(t, s)
		made = 0
		commits.Store(tt.commits)
		got := response(t, sc, graph.Clear, document, nil)
		groups, summary := 1+tt.commits, strings.Repeat("x", 1+int(tt.commits))
		if whole := strings.Contains(got, fmt.Sprintf(`"summary":%q`, summary)) && strings.Contains(got, fmt.Sprintf(`"totalCount":%d}`, groups)); !whole && !tt.moved {
			t.Errorf("%d commits: not of one state: %s", tt.commits, got)
		}
		if strings.Contains(got, `"dataMoved":true`) != tt.moved {
			t.Errorf("%d commits: %s", tt.commits, got)
		}
		commits.Store(0)
		if version := fmt.Sprintf(`"dataVersion":%q`, unsettled(t, s, graph.Clear).Version()); !tt.moved && !strings.Contains(got, version) {
			t.Errorf("%d commits: no %s in %s", tt.commits, version, got)
		}
	}

	cache := projection.NewCache(projection.CacheConfig{Open: s.View})
	for _, n := range []int32{2, 3} {
		admin(t, shared, `CREATE (:Group {id: 'more' + $n, name: 'more'})`, map[string]any{"n": strconv.Itoa(int(n))}) // a picture not taken yet
		settle(t, s)
		made = 10 * int(n)
		commits.Store(n)
		v := mustView(t, s, graph.Clear)
		snap, _, err := cache.Get(t.Context(), v, graph.Clear, projection.Options{AsOf: graph.DayOf(2020, 1, 1)}, 0)
		if n < 3 && (err != nil || snap.Version() != unsettled(t, s, graph.Clear).Version()) {
			t.Errorf("%d commits: %v", n, err)
		}
		if n == 3 && !errors.Is(err, projection.ErrMoved) {
			t.Errorf("%d commits: %v", n, err)
		}
	}
}

// TestDeletedSource: what cites a source that somebody has deleted is told with the id of the
// source, and everything around it.
func TestDeletedSource(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	sc := newSchema(t, s)
	const document = `{ ties(first: 100) { nodes { key citations { key page source { name } } } } people(first: 100) { nodes { key citations { key source { name } } } } }`
	before := response(t, sc, graph.Red, document, nil)
	if !strings.Contains(before, `{"key":"s-open","page":"2","source":{"name":"The Open Gazette"}}`) {
		t.Fatal(before)
	}
	admin(t, shared, "MATCH (n:Source {id: 's-open'}) DETACH DELETE n", nil)
	want := strings.ReplaceAll(before, `"source":{"name":"The Open Gazette"}`, `"source":null`)
	got := dataVersion.ReplaceAllString(response(t, sc, graph.Red, document, nil), "")
	if diff := cmp.Diff(dataVersion.ReplaceAllString(want, ""), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
