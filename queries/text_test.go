package queries_test

import (
	"os"
	"testing"

	"entangle/queries/querytest"
)

// TestText runs the cases of testdata, which are written to be read.
func TestText(t *testing.T) { querytest.Run(t, os.DirFS("testdata"), querytest.FromBatch) }
