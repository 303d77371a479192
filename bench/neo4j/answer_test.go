package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/sqlitestore"
	"entangle/loaders"
	"entangle/loaders/all"
	"entangle/schema"
	"entangle/schema/exec"
	web "entangle/server"
)

// answerPersons is the size of the data that answers are benchmarked on.
const answerPersons = 20_000

// openStore opens the store that BENCH_STORE names, a file or a Neo4j that holds the data of
// BENCH_PERSONS persons, or loads the data into a fresh file.
func openStore(b *testing.B) (graph.Store, shape) {
	b.Helper()
	address, persons := os.Getenv("BENCH_STORE"), answerPersons
	if n, err := strconv.Atoi(os.Getenv("BENCH_PERSONS")); err == nil {
		persons = n
	}
	s := shapeOf(persons)
	if strings.Contains(address, "://") {
		store, err := neo4jstore.Open(b.Context(), neo4jstore.Config{URI: address})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = store.Close() })
		return store, s
	}
	dir := b.TempDir()
	path := cmp.Or(address, filepath.Join(dir, "entangle.db"))
	store, err := sqlitestore.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	if address != "" {
		return store, s
	}
	if err := generateInto(dir, s, 1, io.Discard); err != nil {
		b.Fatal(err)
	}
	inputs := []loaders.Input{loaders.Path(filepath.Join(dir, "nodes.csv")), loaders.Path(filepath.Join(dir, "ties.csv"))}
	if _, err := loaders.Run(b.Context(), store, all.Registry(), inputs, loaders.Options{}); err != nil {
		b.Fatal(err)
	}
	return store, s
}

// BenchmarkAnswer is a question asked about one id after another, each of which was
// asked about before: of the schema alone, and of the routes without a network.
func BenchmarkAnswer(b *testing.B) {
	store, s := openStore(b)
	sc, err := schema.New(schema.Config{Store: store, Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	srv, err := web.New(web.Config{Listen: "127.0.0.1:0", GraphQL: sc, Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	for i, q := range questions {
		ids := q.order(s, 1)
		ids = ids[:min(len(ids), 1000)]
		b.Run("schema/"+strconv.Itoa(i+1), func(b *testing.B) {
			repeat(b, ids, func(id string) int { return answerSchema(b, sc, q, id) })
		})
		b.Run("routes/"+strconv.Itoa(i+1), func(b *testing.B) {
			repeat(b, ids, func(id string) int { return answerRoutes(b, srv.Handler(), q, id) })
		})
	}
}

// repeat asks about each id once, then measures.
func repeat(b *testing.B, ids []string, ask func(id string) (size int)) {
	b.Helper()
	for _, id := range ids {
		ask(id)
	}
	b.ReportAllocs()
	var size, n int
	before := cpuOf(os.Getpid()) // on a busy machine the clock tells less
	for b.Loop() {
		size += ask(ids[n%len(ids)])
		n++
	}
	b.ReportMetric(float64((cpuOf(os.Getpid())-before).Microseconds())/float64(n), "CPU-µs/op")
	b.ReportMetric(float64(size)/float64(n), "B/answer")
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func answerSchema(b *testing.B, sc *schema.Schema, q question, id string) int {
	b.Helper()
	ctx := context.Background()
	op, errs := sc.Prepare(ctx, exec.Request{Query: q.entangle, Variables: []byte(`{"id":"` + schema.GlobalID(q.kind, graph.ID(id)) + `"}`)})
	if errs != nil {
		b.Fatal(errs)
	}
	var out counter
	if result, err := sc.Execute(ctx, op, graph.Clear, &out); err != nil || len(result.Errors) > 0 {
		b.Fatal(err, result.Errors)
	}
	return int(out)
}

func answerRoutes(b *testing.B, h http.Handler, q question, id string) int {
	b.Helper()
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/graphql", bytes.NewReader(q.body(false, id)))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK || bytes.Contains(rec.Body.Bytes(), []byte(`"errors":`)) {
		b.Fatal(rec.Code, rec.Body.String())
	}
	return rec.Body.Len()
}
