package queries_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"entangle/queries"
	"entangle/queries/worlds"
)

// TestWeightsSumToWhatCanBeCarried: weights are carried in thousandths and their sum in 30
// bits: 1,073 institutions of the largest weight, 1,000, can be, one more cannot.
func TestWeightsSumToWhatCanBeCarried(t *testing.T) {
	t.Parallel()
	ask := func(bodies int) error {
		s := snapshotOf(t, fmt.Sprintf("group g types=armed_group\ninstitution a{1..1000} types=office\ninstitution b{1..%d} types=office\ng CONTROLS a1", bodies-1000))
		in := queries.DefaultFrontier()
		in.Weights.ByType = map[string]float64{"office": 1000}
		_, err := queries.Frontier(t.Context(), s, in)
		return err
	}
	if err := ask(1073); err != nil {
		t.Errorf("1073 institutions: %v", err)
	}
	err := ask(1074)
	if !errors.Is(err, worlds.ErrInput) || !strings.Contains(err.Error(), "sum to 1074000, at most 1073741 can be") {
		t.Errorf("1074 institutions: %v", err)
	}
}
