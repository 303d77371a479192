package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
	"entangle/schema"
	"entangle/schema/exec"
)

var update = flag.Bool("update", false, "rewrite schema.graphql and the golden answers")

// stores open an empty store of each sort; the answers must be the same.
var stores = map[string]func(t *testing.T) graph.Store{
	"model":  func(*testing.T) graph.Store { return storetest.NewModel() },
	"stingy": newStingy,
	"sqlite": func(t *testing.T) graph.Store {
		t.Helper()
		store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"))
		if err != nil {
			t.Fatal(err)
		}
		return store
	},
}

// loaded returns a store with the batches.
func loaded(t *testing.T, open func(t *testing.T) graph.Store, batches ...graph.Batch) graph.Store {
	t.Helper()
	store := open(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, b := range batches {
		if _, err := store.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func newSchema(t *testing.T, store graph.Store) *schema.Schema {
	t.Helper()
	s, err := schema.New(schema.Config{Store: store, Introspection: true, ErrorID: func() string { return "error-id" }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is a response without its extensions.
type answer struct {
	Data   json.RawMessage `json:"data,omitempty"`
	Errors []*exec.Error   `json:"errors,omitempty"`
}

// ask executes a document; what Prepare refuses comes back as errors too.
func ask(t *testing.T, s *schema.Schema, clearance graph.Marking, query, variables string) answer {
	t.Helper()
	p, errs := s.Prepare(t.Context(), exec.Request{Query: query, Variables: json.RawMessage(variables)})
	if errs != nil {
		return answer{Errors: errs}
	}
	var out bytes.Buffer
	if _, err := s.Execute(t.Context(), p, clearance, &out); err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	return a
}

// data executes a document that must not fail and decodes its data.
func data[T any](t *testing.T, s *schema.Schema, query, variables string) T {
	t.Helper()
	a := ask(t, s, graph.Red, query, variables)
	for _, e := range a.Errors {
		t.Fatalf("%v at %v", e, e.Path)
	}
	var v T
	if err := json.Unmarshal(a.Data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// golden compares text with a file, or rewrites the file under -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-file +now); if this is meant, run: go test ./schema -update\n%s", path, diff)
	}
}
