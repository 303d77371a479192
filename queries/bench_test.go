package queries_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// BenchmarkPurge simulates a purge of one of sixty groups in a state of 100,000
// persons and about 350,000 ties on one core. ns/world should not depend on the
// number of worlds.
func BenchmarkPurge(b *testing.B) {
	s := state(b, largeState)
	b.Logf("%d nodes, %d ties", s.Len(), s.Ties())
	for _, samples := range []int{64, 256, 1024, 4096} {
		b.Run(fmt.Sprintf("worlds=%d", samples), func(b *testing.B) {
			in := queries.PurgeInput{
				Targets: []graph.ID{"g7"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: samples, Seed: 1, Workers: 1},
			}
			for b.Loop() {
				if _, err := queries.Purge(b.Context(), s, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*samples), "ns/world")
		})
	}
}

// TestAnswerStaysTheSame: whoever makes the kernel faster gets the same answer to
// the last bit. A change of the model changes the hash, and says so.
func TestAnswerStaysTheSame(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 3000, institutions: 60, groups: 8})
	p := worlds.DefaultParams()
	p.OwnShare = 1 // nothing was anybody's own
	r, err := queries.Purge(context.Background(), s, queries.PurgeInput{
		Targets: []graph.ID{"g3", "p17", "s40"}, Params: p, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 1000, Seed: 7}, Explain: 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"Basis", "OwnInstitutions", "OwnFractured", "Stakes"} { // a parameter more is no other answer
		delete(answer, key)
	}
	if text, err = json.Marshal(answer); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	const want = "48c74af12b36aa89"
	if got := hex.EncodeToString(sum[:8]); got != want {
		t.Errorf("hash %s, want %s: %d institutions touched, none fractured with %g", got, want, len(r.Institutions), r.None.P)
	}
}
