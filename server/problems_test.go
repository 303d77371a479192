package server_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"entangle/graph"
)

// TestProblemsAreTold: how many things are not served stands in /readyz, which stays
// ready, and by rule among the metrics; before the first look neither says anything.
func TestProblemsAreTold(t *testing.T) {
	var counts atomic.Pointer[map[graph.Rule]int]
	cfg := config(t)
	cfg.Problems = func() (map[graph.Rule]int, bool) {
		if c := counts.Load(); c != nil {
			return *c, true
		}
		return nil, false
	}
	web := open(t, cfg)
	for _, tt := range []struct {
		counts  *map[graph.Rule]int
		ready   string
		metrics []string
	}{
		{nil, `{"status":"ready"}`, nil},
		{&map[graph.Rule]int{}, `{"status":"ready"}`, []string{`{rule="date"} 0`, `{rule="word"} 0`}},
		{
			&map[graph.Rule]int{graph.RuleDate: 1}, `{"status":"ready","problems":"1 problem in what the store holds; what has it is not served: run entangle problems"}`,
			[]string{`{rule="date"} 1`, `{rule="id-missing"} 0`},
		},
		{
			&map[graph.Rule]int{graph.RuleDate: 40, graph.RuleIDMissing: 2}, `{"status":"ready","problems":"42 problems in what the store holds; what has them is not served: run entangle problems"}`,
			[]string{`{rule="date"} 40`, `{rule="id-missing"} 2`},
		},
	} {
		counts.Store(tt.counts)
		if got := send(t, http.MethodGet, web.URL+"/readyz", ""); got.status != http.StatusOK || strings.TrimSpace(got.body) != tt.ready {
			t.Errorf("%d %s, want %s", got.status, got.body, tt.ready)
		}
		body := send(t, http.MethodGet, web.URL+"/metrics", "").body
		want := len(graph.Rules())
		if tt.metrics == nil {
			want = 0
		}
		if n := strings.Count(body, "\nentangle_problems{"); n != want {
			t.Errorf("%v: %d series, want %d", tt.counts, n, want)
		}
		for _, m := range tt.metrics {
			if !strings.Contains(body, "\nentangle_problems"+m+"\n") {
				t.Errorf("/metrics lacks %s", m)
			}
		}
	}
}

// TestMissingSchemaIsTold: what is missing of the store's constraints stands in /readyz by its
// statement, and the server stays ready.
func TestMissingSchemaIsTold(t *testing.T) {
	cfg := config(t)
	var lacks atomic.Pointer[[]string]
	lacks.Store(&[]string{})
	cfg.Lacks = func() []string { return *lacks.Load() }
	web := open(t, cfg)
	for _, tt := range []struct {
		lacks []string
		want  string
	}{
		{nil, `{"status":"ready"}`},
		{[]string{"CREATE CONSTRAINT a", "CREATE INDEX b"}, `{"status":"ready","schema":["CREATE CONSTRAINT a","CREATE INDEX b"]}`},
	} {
		lacks.Store(&tt.lacks)
		if got := send(t, http.MethodGet, web.URL+"/readyz", ""); got.status != http.StatusOK || strings.TrimSpace(got.body) != tt.want {
			t.Errorf("%d %s, want %s", got.status, got.body, tt.want)
		}
	}
}

// TestProblemsOfNobody: a store that nobody else writes to has no such metric.
func TestProblemsOfNobody(t *testing.T) {
	if body := send(t, http.MethodGet, open(t, config(t)).URL+"/metrics", "").body; strings.Contains(body, "entangle_problems") {
		t.Error("a metric of problems")
	}
}
