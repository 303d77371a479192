package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/server"
)

// TestLimitsAreExact: what just meets a limit is served, one byte more is not.
func TestLimitsAreExact(t *testing.T) {
	cfg := config(t)
	cfg.Limits.BodyBytes, cfg.Limits.URIBytes = 100, 60
	web := open(t, cfg)
	body := func(n int) string {
		s := `{"query":"{ __typename }"}`
		return s + strings.Repeat(" ", n-len(s))
	}
	uri := func(n int) string {
		s := "/graphql?query={__typename}"
		return s + strings.Repeat("+", n-len(s))
	}
	for n, want := range map[int]int{100: 200, 101: 413} {
		if got := send(t, http.MethodPost, web.URL+"/graphql", body(n)); got.status != want {
			t.Errorf("a body of %d bytes: %d, want %d", n, got.status, want)
		} else if want == 413 && !strings.Contains(got.body, "limit of 100 bytes") {
			t.Errorf("the refusal does not tell the limit: %s", got.body)
		}
	}
	for n, want := range map[int]int{60: 200, 61: 414} {
		if got := send(t, http.MethodGet, web.URL+uri(n), ""); got.status != want {
			t.Errorf("a URI of %d bytes: %d, want %d", n, got.status, want)
		} else if want == 414 && !strings.Contains(got.body, "have 61 bytes, the limit is 60") {
			t.Errorf("the refusal does not tell the limit: %s", got.body)
		}
	}
}

// TestLevels: what went wrong on our side is logged as an error, under the id that the client was told; what a client did
// wrong is not; the probes of machines are told of when they fail.
func TestLevels(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	cfg.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	failing := true
	cfg.Ready = func(context.Context) error {
		if failing {
			return errors.New("secret")
		}
		return nil
	}
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	for _, tt := range []struct {
		name, method, path string
		instead            func(io.Writer) error
		want               []string // of each line: level, message, and what it has of errors
	}{
		{name: "answered", method: "POST", path: "/graphql", want: []string{"INFO request"}},
		{name: "not found", method: "GET", path: "/nothing", want: []string{"INFO request NO_SUCH_ROUTE"}},
		{
			name: "untold", method: "POST", path: "/graphql", instead: func(io.Writer) error { return errors.New("secret") },
			want: []string{"ERROR request failed secret errorId", "ERROR request INTERNAL secret"},
		},
		{
			name: "a panic", method: "POST", path: "/graphql", instead: func(io.Writer) error { panic("secret") },
			want: []string{"ERROR panic secret errorId stack", "ERROR request failed panic: secret errorId", "ERROR request INTERNAL panic: secret"},
		},
		{
			name: "unreachable", method: "POST", path: "/graphql", instead: func(io.Writer) error { return graph.ErrUnavailable },
			want: []string{"ERROR request UNAVAILABLE " + graph.ErrUnavailable.Error()},
		},
		{name: "not ready", method: "GET", path: "/readyz", want: []string{"WARN not ready secret", "ERROR request"}},
		{name: "alive", method: "GET", path: "/healthz", want: []string{"DEBUG request"}},
		{name: "metrics", method: "GET", path: "/metrics", want: []string{"DEBUG request"}},
		{name: "ready", method: "GET", path: "/readyz", want: []string{"DEBUG request"}},
	} {
		failing = tt.name == "not ready"
		quick.instead = nil
		if tt.instead != nil {
			quick.instead = func(_ context.Context, _ graph.Marking, w io.Writer) error { return tt.instead(w) }
		}
		log.mu.Lock()
		log.buf.Reset()
		log.mu.Unlock()
		body := ""
		if tt.method == "POST" {
			body = `{"query":"{ __typename }"}`
		}
		answer := send(t, tt.method, web.URL+tt.path, body)
		var got []string
		for _, line := range log.lines(t) {
			parts := []string{fmt.Sprint(line["level"]), fmt.Sprint(line["msg"])}
			for _, name := range []string{"code", "error", "panic"} {
				if v, ok := line[name]; ok {
					parts = append(parts, fmt.Sprint(v))
				}
			}
			for _, name := range []string{"errorId", "requestId"} {
				if id, ok := line[name]; ok && id != answer.header.Get("X-Request-Id") {
					t.Errorf("%s: %s %v, the client was told %s", tt.name, name, id, answer.header.Get("X-Request-Id"))
				} else if ok && name == "errorId" {
					parts = append(parts, "errorId")
				}
			}
			if stack, ok := line["stack"].(string); ok && strings.Contains(stack, "edges_test.go") {
				parts = append(parts, "stack")
			}
			got = append(got, strings.Join(parts, " "))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestWhatRefusalsSay: the place of a mistake is that of its first letter, in lines and letters.
func TestWhatRefusalsSay(t *testing.T) {
	web := open(t, config(t))
	long := strings.Repeat("x", 78)
	for body, want := range map[string]string{
		"{\"query\":\"\",\n \"é\": nul}": "in line 2, column 10",
		"x":                              "in line 1, column 1",
		"{\"query\":\"{ __typename }\"}\n\n  é x":   "goes on after the end of the JSON, in line 1, column 27",
		"{\"a\":1,\n\"é\":2, \"a\":3}":              `has the key \"a\" twice in one object, in line 2, column 10`,
		`{"` + long + `":1,"` + long + `":2}`:       `the key \"` + long + `\" twice`,
		`{"` + long + `é":1,"` + long + `é":2}`:     `the key \"` + long + `é\" twice`,
		`{"` + long + `xé":1,"` + long + `xé":2}`:   `the key \"` + long + `x…\" twice`,
		`{"` + long + `xxx":1,"` + long + `xxx":2}`: `the key \"` + long + `xx…\" twice`,
		"[]":    "the body is a list",
		"true":  "(boolean)",
		"false": "(boolean)",
		"null":  "(null)",
		"-1":    "(number)",
		`"x"`:   "(string)",
		" \n":   "the body is empty",
	} {
		got := send(t, http.MethodPost, web.URL+"/graphql", body)
		if got.status != 400 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d, want %q in %s", body, got.status, want, got.body)
		}
	}
	for query, want := range map[string]string{
		"query={a}&query={b}&query={c}":        "query is given 3 times",
		"query={a}&variables={}&variables={}":  "variables is given 2 times",
		"query={a}&operationName=%ff":          "operationName is not UTF-8",
		"query={a}&variables={%22a%22:1":       "variables is not JSON: it ends too early, in line 1, column 6",
		"query={a}&extensions={%22a%22:1}%201": "extensions goes on after the end",
		"query={a}&extensions=1":               "extensions is not an object (number)",
		"operationName=x":                      "the parameter query is missing",
		"query={a};b":                          "cannot be decoded",
	} {
		got := send(t, http.MethodGet, web.URL+"/graphql?"+query, "")
		if got.status != 400 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d, want %q in %s", query, got.status, want, got.body)
		}
	}
}

// TestStatusOfErrors: each code that has a status of its own, from the executor and with what it says besides.
func TestStatusOfErrors(t *testing.T) {
	cfg := config(t)
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	for code, want := range map[exec.Code][2]int{ // as JSON, and as a GraphQL response
		exec.CodeReadOnly:        {405, 405},
		exec.CodeInternal:        {500, 500},
		exec.CodeUnauthenticated: {401, 401},
		exec.CodeForbidden:       {403, 403},
		exec.CodeTimeout:         {503, 503},
		exec.CodeUnavailable:     {503, 503},
		exec.CodeNotFound:        {200, 400},
		exec.CodeBadInput:        {200, 400},
	} {
		quick.instead = func(context.Context, graph.Marking, io.Writer) error {
			return &exec.CodedError{Code: code, Message: "said", Extensions: map[string]any{"code": "other", "more": 7}}
		}
		for i, accept := range []string{"application/json", "application/graphql-response+json"} {
			got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`, "Accept: "+accept)
			body := fmt.Sprintf(`{"errors":[{"message":"said","extensions":{"code":%q,"more":7}}]}`, code)
			if got.status != want[i] || got.body != body || !strings.HasPrefix(got.header.Get("Content-Type"), accept) {
				t.Errorf("%s as %s: %d %s, want %d %s", code, accept, got.status, got.body, want[i], body)
			}
		}
	}
}

// TestWhatIsKeptBack: a response of 64 KiB is sent with its length, and so can still become an error; a longer one is not.
func TestWhatIsKeptBack(t *testing.T) {
	cfg := config(t)
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	for _, parts := range [][]int{{64 << 10}, {1, 64<<10 - 1}, {64<<10 + 1}, {64 << 10, 1}, {1, 64 << 10, 5}} {
		quick.instead = func(_ context.Context, _ graph.Marking, w io.Writer) error {
			for i, n := range parts {
				if m, err := io.WriteString(w, strings.Repeat(strconv.Itoa(i), n)); err != nil || m != n {
					return fmt.Errorf("wrote %d of %d: %w", m, n, err)
				}
			}
			return nil
		}
		got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`)
		var whole strings.Builder
		for i, n := range parts {
			whole.WriteString(strings.Repeat(strconv.Itoa(i), n))
		}
		all, want := whole.Len(), whole.String()
		if length := got.header.Get("Content-Length"); got.body != want || (length != "") != (all <= 64<<10) {
			t.Errorf("%v: %d bytes with Content-Length %q", parts, len(got.body), length)
		}
	}
}

// TestWaitingForATurn: who waits gets the place of one who leaves.
func TestWaitingForATurn(t *testing.T) {
	cfg := config(t)
	cfg.Limits.Concurrent, cfg.Limits.Queue = 2, time.Minute
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	answers := make(chan answer)
	for range 3 {
		go func() { answers <- send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ wait }"}`) }()
	}
	<-quick.entered
	<-quick.entered
	select {
	case <-quick.entered:
		t.Error("three run where two may")
	case <-time.After(30 * time.Millisecond):
	}
	close(quick.release)
	for range 3 {
		if got := <-answers; got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
}

// TestABodyThatDoesNotArrive: one that breaks off, and one that takes too long.
func TestABodyThatDoesNotArrive(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	cfg.Limits.Read = 50 * time.Millisecond
	cfg.Log = slog.New(slog.NewJSONHandler(log, nil))
	s, stop := run(t, cfg)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"query\":")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if code, _ := codeOf(t, string(body)); err != nil || res.StatusCode != http.StatusRequestTimeout || code != string(server.CodeIncomplete) || !res.Close {
		t.Errorf("%d %s, closed %t, %v", res.StatusCode, body, res.Close, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	var said []string
	for _, line := range log.lines(t) {
		said = append(said, fmt.Sprint(line["msg"]))
		if line["msg"] == "listening" && (line["address"] != s.Addr() || line["version"] != "1.2.3") {
			t.Errorf("listening: %v", line)
		}
		if line["msg"] == "request" && line["error"] == nil {
			t.Errorf("a body that did not arrive is logged without its error: %v", line)
		}
	}
	if diff := cmp.Diff([]string{"listening", "request", "stopping", "stopped"}, said); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
}

// TestCompressionIsAskedFor by name, and not with a weight of 0.
func TestCompressionIsAskedFor(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL = true
	web := open(t, cfg)
	for accept, want := range map[string]bool{
		"gzip": true, "GZIP": true, "br, gzip": true, " gzip ; q=1": true, "gzip;q=0.5": true, "gzip;q=0.001": true,
		"gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.000": false, "br": false, "gzipped": false, "*": false,
	} {
		if got := send(t, http.MethodGet, web.URL+"/LICENSES.txt", "", "Accept-Encoding: "+accept); (got.header.Get("Content-Encoding") == "gzip") != want {
			t.Errorf("%s: Content-Encoding %q", accept, got.header.Get("Content-Encoding"))
		}
	}
}

// TestMetricsAddUp: with a clock of a quarter of a second a look, and answers of a known length.
func TestMetricsAddUp(t *testing.T) {
	cfg := config(t)
	now := time.Date(2020, 8, 24, 0, 0, 0, 0, time.UTC)
	cfg.Clock = func() time.Time {
		now = now.Add(250 * time.Millisecond)
		return now
	}
	web := open(t, cfg)
	sum := 0
	for _, query := range []string{"{ __typename }", "mutation { note(text: \\\"x\\\") }"} {
		sum += len(send(t, http.MethodPost, web.URL+"/graphql", `{"query":"`+query+`"}`).body)
	}
	got := send(t, http.MethodGet, web.URL+"/metrics", "").body
	for _, want := range []string{
		fmt.Sprintf(`entangle_http_response_bytes_total{route="/graphql"} %d`, sum),
		`entangle_http_request_duration_seconds_sum{route="/graphql"} 0.5`,
		`entangle_http_request_duration_seconds_bucket{route="/graphql",le="0.25"} 2`,
		`entangle_http_request_duration_seconds_bucket{route="/graphql",le="0.1"} 0`,
		`entangle_graphql_operations_total{errors="false",kind="mutation"} 1`,
		`entangle_http_requests_in_flight 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("/metrics lacks %s in\n%s", want, got)
		}
	}
}

// TestMetricsOfOneServer: a registry that has them already is refused.
func TestMetricsOfOneServer(t *testing.T) {
	cfg := config(t)
	cfg.Metrics = prometheus.NewRegistry()
	if _, err := server.New(cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := server.New(cfg); err == nil || !strings.Contains(err.Error(), "server: metrics: duplicate") {
		t.Errorf("a second server on one registry: %v", err)
	}
}

// TestHeadIsGetWithoutABody on every route that a GET has, but for the metrics.
func TestHeadIsGetWithoutABody(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL, cfg.Example = true, "{ __typename }"
	web := open(t, cfg)
	for _, path := range []string{"/graphql?query={__typename}", "/healthz", "/readyz", "/", "/example.graphql", "/LICENSES.txt"} {
		get, head := send(t, http.MethodGet, web.URL+path, ""), send(t, http.MethodHead, web.URL+path, "")
		if get.status != 200 || head.status != 200 || head.body != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: GET %d %s, HEAD %d %s with %q", path, get.status, get.header.Get("Content-Type"), head.status, head.header.Get("Content-Type"), head.body)
		}
	}
}

// TestRangesThatCountForNothing do so wherever they stand: what follows one still counts.
func TestRangesThatCountForNothing(t *testing.T) {
	web := open(t, config(t))
	for _, bad := range []string{"application/json;q=7", "application/json;q=x", "application/json;;=", "application/json;charset=latin1", "text/html"} {
		got := send(t, http.MethodGet, web.URL+"/graphql?query={__typename}", "", "Accept: "+bad+", application/graphql-response+json")
		if got.status != 200 || got.header.Get("Content-Type") != asResponse {
			t.Errorf("behind %s: %d %s", bad, got.status, got.header.Get("Content-Type"))
		}
	}
}

// TestTypesOfThePage are told, and not left to the guess of a library: each file has that of its name.
func TestTypesOfThePage(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL, cfg.Example = true, "<html>"
	web := open(t, cfg)
	want := map[string]string{"/": "text/html", "/LICENSES.txt": "text/plain", "/example.graphql": "text/plain"}
	page := send(t, http.MethodGet, web.URL+"/", "").body
	for _, match := range regexp.MustCompile(`(?:src|href)="(assets/[^"]+\.(js|css))"`).FindAllStringSubmatch(page, -1) {
		want["/"+match[1]] = map[string]string{"js": "text/javascript", "css": "text/css"}[match[2]]
	}
	if len(want) != 5 {
		t.Errorf("the page names %d files, want a script and a style sheet", len(want)-3)
	}
	for path, media := range want {
		if got := send(t, http.MethodGet, web.URL+path, ""); got.header.Get("Content-Type") != media+"; charset=utf-8" {
			t.Errorf("%s: Content-Type %q, want %s", path, got.header.Get("Content-Type"), media)
		}
	}
}

// slow is a metric that takes its time.
type slow struct{ entered, release chan struct{} }

func (slow) Describe(chan<- *prometheus.Desc) {}

func (s slow) Collect(chan<- prometheus.Metric) {
	s.entered <- struct{}{}
	<-s.release
}

// TestMetricsAreReadByFew: four at a time, and times are counted in the buckets that docs and alerts name.
func TestMetricsAreReadByFew(t *testing.T) {
	cfg := config(t)
	cfg.Metrics = prometheus.NewRegistry()
	metric := slow{make(chan struct{}, 9), make(chan struct{})}
	cfg.Metrics.MustRegister(metric)
	web := open(t, cfg)
	answers := make(chan answer)
	for range 4 {
		go func() { answers <- send(t, http.MethodGet, web.URL+"/metrics", "") }()
		<-metric.entered
	}
	if got := send(t, http.MethodGet, web.URL+"/metrics", ""); got.status != http.StatusServiceUnavailable {
		t.Errorf("a fifth at a time: %d", got.status)
	}
	close(metric.release)
	for range 4 {
		if got := <-answers; got.status != 200 {
			t.Errorf("one of four: %d", got.status)
		}
	}
	send(t, http.MethodGet, web.URL+"/healthz", "")
	var bounds []string
	for _, m := range regexp.MustCompile(`seconds_bucket\{route="/healthz",le="([^"]+)"`).FindAllStringSubmatch(send(t, http.MethodGet, web.URL+"/metrics", "").body, -1) {
		bounds = append(bounds, m[1])
	}
	if got, want := strings.Join(bounds, " "), "0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 +Inf"; got != want {
		t.Errorf("buckets %s, want %s", got, want)
	}
}
