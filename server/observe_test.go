package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entangle/graph"
	"entangle/server"
)

func record(h http.Handler, req *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// logged is a log that several goroutines write to.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) lines(t *testing.T) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []map[string]any
	for line := range strings.Lines(l.buf.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func TestRequestsAreLogged(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	cfg.Log = slog.New(slog.NewJSONHandler(log, nil))
	now := time.Date(2020, 8, 24, 0, 0, 0, 0, time.UTC)
	cfg.Clock = func() time.Time {
		now = now.Add(250 * time.Millisecond)
		return now
	}
	web := open(t, cfg)
	got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"query Who($t: String!) { echo(text: $t) }","variables":{"t":"a person's name"}}`, "X-Request-Id: chosen-by-client")
	send(t, http.MethodGet, web.URL+"/graphql?query={nothing}", "")
	send(t, http.MethodGet, web.URL+"/healthz", "")

	lines := log.lines(t)
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2: probes are not worth one", len(lines))
	}
	first := lines[0]
	for name, want := range map[string]any{
		"msg": "request", "level": "INFO", "requestId": got.header.Get("X-Request-Id"), "method": "POST", "route": "/graphql",
		"status": 200.0, "duration": float64(250 * time.Millisecond), "bytes": float64(len(got.body)), "remote": "127.0.0.1",
		"kind": "query", "operation": "Who",
		// printf %s 'query Who($t: String!) { echo(text: $t) }' | sha256sum
		"document": "b110ffbdf952d092badc93a427085ba6ad89d70781329bab499e9597841831f6",
	} {
		if first[name] != want {
			t.Errorf("%s is %v, want %v", name, first[name], want)
		}
	}
	if lines[1]["code"] != "GRAPHQL_VALIDATION_FAILED" || lines[1]["errors"] != 1.0 {
		t.Errorf("a document that is not valid is logged as %v", lines[1])
	}
	if log.buf.Len() > 0 && strings.Contains(log.buf.String(), "person") {
		t.Error("a variable is in the log")
	}
	if id := got.header.Get("X-Request-Id"); !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(id) {
		t.Errorf("request id %q", id)
	}
}

func TestLogHandlerAddsTheRequest(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	logger := slog.New(server.LogHandler(slog.NewJSONHandler(log, nil))).With(slog.String("of", "store"))
	var id string
	cfg.Ready = func(ctx context.Context) error {
		id = server.RequestID(ctx)
		logger.InfoContext(ctx, "asked")
		return errors.New("down")
	}
	send(t, http.MethodGet, open(t, cfg).URL+"/readyz", "")
	logger.Info("outside")
	lines := log.lines(t)
	if len(lines) != 2 || id == "" || lines[0]["requestId"] != id || lines[0]["of"] != "store" {
		t.Errorf("logged %v, want requestId %q", lines, id)
	}
	if _, ok := lines[1]["requestId"]; ok {
		t.Errorf("outside of a request: %v", lines[1])
	}
}

// TestALineNamesItsRequestOnce: the line about a request names it, also where the log adds
// the name to all lines.
func TestALineNamesItsRequestOnce(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	cfg.Log = slog.New(server.LogHandler(slog.NewJSONHandler(log, nil)))
	send(t, http.MethodGet, open(t, cfg).URL+"/graphql?query={nothing}", "")
	log.mu.Lock()
	defer log.mu.Unlock()
	if text := log.buf.String(); strings.Count(text, `"requestId"`) != 1 {
		t.Error(text)
	}
}

func TestMetrics(t *testing.T) {
	web := open(t, config(t))
	send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`)
	send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ fails }"}`)
	send(t, http.MethodPost, web.URL+"/graphql", `[]`)
	for _, path := range []string{"/a", "/b"} {
		send(t, http.MethodGet, web.URL+path, "")
	}
	got := send(t, http.MethodGet, web.URL+"/metrics", "")
	for _, want := range []string{
		`entangle_http_requests_total{code="200",route="/graphql"} 2`,
		`entangle_http_requests_total{code="400",route="/graphql"} 1`,
		`entangle_http_requests_total{code="404",route="other"} 2`,
		`entangle_http_request_duration_seconds_count{route="/graphql"} 3`,
		`entangle_graphql_operations_total{errors="false",kind="query"} 1`,
		`entangle_graphql_operations_total{errors="true",kind="query"} 1`,
		`entangle_http_requests_in_flight 1`,
		`entangle_build_info{version="1.2.3"} 1`,
		`entangle_http_response_bytes_total{route="/graphql"}`,
		`go_goroutines`,
		`process_resident_memory_bytes`,
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL = true
	web := open(t, cfg)
	for _, path := range []string{"/", "/graphql?query={__typename}", "/graphql", "/healthz", "/metrics", "/nothing"} {
		got := send(t, http.MethodGet, web.URL+path, "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s %q, want %q", path, name, got.header.Get(name), want)
			}
		}
		csp := got.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
		if caching := got.header.Get("Cache-Control"); path != "/" && caching != "no-store" {
			t.Errorf("%s: Cache-Control %q, want no-store", path, caching)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "" || got.header.Get("Server") != "" {
			t.Errorf("%s: %v", path, got.header)
		}
	}
}

// TestFailuresAreLoggedAsErrors: what a client is told with 500 or more stands in the log
// as an error, with its cause and the id that the client was told; what it did wrong
// itself does not.
func TestFailuresAreLoggedAsErrors(t *testing.T) {
	log := &logged{}
	cfg := config(t)
	cfg.Log = slog.New(slog.NewJSONHandler(log, nil))
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	for _, tt := range []struct {
		name    string
		instead func(w io.Writer) error
		body    string
		status  float64
		levels  []string // of the lines about it
	}{
		{"untold", func(io.Writer) error { return errors.New("the cause") }, `{"query":"{ __typename }"}`, 500, []string{"ERROR", "ERROR"}},
		{"nothing", func(io.Writer) error { return nil }, `{"query":"{ __typename }"}`, 500, []string{"ERROR", "ERROR"}},
		{"a panic", func(io.Writer) error { panic("the cause") }, `{"query":"{ __typename }"}`, 500, []string{"ERROR", "ERROR", "ERROR"}},
		{"unreachable", func(io.Writer) error { return fmt.Errorf("the cause: %w", graph.ErrUnavailable) }, `{"query":"{ __typename }"}`, 503, []string{"ERROR"}},
		{"no JSON", nil, `{`, 400, []string{"INFO"}},
		{"fine", nil, `{"query":"{ __typename }"}`, 200, []string{"INFO"}},
	} {
		before := len(log.lines(t))
		quick.instead = nil
		if tt.instead != nil {
			quick.instead = func(_ context.Context, _ graph.Marking, w io.Writer) error { return tt.instead(w) }
		}
		got := send(t, http.MethodPost, web.URL+"/graphql", tt.body)
		lines := log.lines(t)[before:]
		var levels []string
		for _, line := range lines {
			levels = append(levels, line["level"].(string))
		}
		last := lines[len(lines)-1]
		if !slices.Equal(levels, tt.levels) || last["status"] != tt.status || last["msg"] != "request" {
			t.Errorf("%s: %d is logged as %v", tt.name, got.status, lines)
		}
		if tt.status >= 500 && (last["error"] == nil || last["code"] == nil) {
			t.Errorf("%s: no cause in %v", tt.name, last)
		}
		if id := lines[0]["errorId"]; tt.status == 500 && (id != got.header.Get("X-Request-Id") || !strings.Contains(got.body, id.(string))) {
			t.Errorf("%s: the log has the id %v, the client %q: %s", tt.name, id, got.header.Get("X-Request-Id"), got.body)
		}
	}
}
