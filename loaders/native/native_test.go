package native_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/native"
)

func load(t *testing.T, store loaders.Store, inputs ...loaders.Input) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(native.Format{}), inputs, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

func TestSuite(t *testing.T) {
	loadertest.Run(t, loadertest.Case{
		Format: native.Format{}, Rows: 13 + 15,
		// Ties first: the order in which files are given does not matter.
		Inputs: []loaders.Input{loadertest.File(t, "testdata/ties.csv"), loadertest.File(t, "testdata/nodes.csv")},
	})
}

var _ = []any{bytes.NewReader, os.ReadFile, filepath.Join, slices.Sort[[]int], strings.Join, cmp.Diff, graph.Person}
