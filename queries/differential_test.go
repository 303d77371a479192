package queries_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// refAnswer adds worlds up, each by its probability.
type refAnswer struct {
	bodies                map[graph.ID]*refBody
	struck, rallied, lost map[graph.ID]float64
	none, mean, circling  float64
	own                   map[graph.ID]bool
	ownMean               float64
	open                  bool
	worlds                int
}

type refBody struct {
	least             float64
	class             map[string]float64
	waves             map[int]float64
	known, kept, part map[worlds.Support]float64
	below             map[worlds.Support]float64
}

// refPurge goes through every world: it runs one with the coins decided so far
// and, where the world asks for another, once with each side of it. It gives up
// where that makes more than limit worlds.
func refPurge(b graph.Batch, targets []graph.ID, p worlds.Params, limit int) (*refAnswer, bool) {
	a := &refAnswer{
		bodies: map[graph.ID]*refBody{}, struck: map[graph.ID]float64{}, rallied: map[graph.ID]float64{}, lost: map[graph.ID]float64{},
		own: refOwn(b, p, targets...),
	}
	g, decided := newRefGraph(b), map[string]bool{}
	var visit func(weight float64) bool
	visit = func(weight float64) bool {
		asked, chance := "", 0.0
		w := refRun(g, targets, p, func(key string, c float64) bool {
			side, ok := decided[key]
			if !ok && asked == "" {
				asked, chance = key, c
			}
			return side
		})
		if asked == "" {
			a.add(w, weight)
			return a.worlds <= limit
		}
		chance = math.Round(chance*(1<<32)) / (1 << 32) // chances are carried in units of 2⁻³²
		defer delete(decided, asked)
		decided[asked] = true
		if !visit(weight * chance) {
			return false
		}
		decided[asked] = false
		return visit(weight * (1 - chance))
	}
	return a, visit(1)
}

func (a *refAnswer) add(w *refWorld, weight float64) {
	a.worlds++
	a.open = a.open || w.open
	if w.circling {
		a.circling += weight
	}
	for id := range w.struck {
		a.struck[id] += weight
	}
	for id := range w.rallied {
		a.rallied[id] += weight
	}
	for id := range w.lost {
		a.lost[id] += weight
	}
	state := 0
	for id := range w.broken {
		if a.own[id] {
			a.ownMean += weight
		} else {
			state++
		}
	}
	a.mean += weight * float64(state)
	if state == 0 {
		a.none += weight
	}
	for id, f := range w.fates {
		b := a.bodies[id]
		if b == nil {
			b = &refBody{
				class: map[string]float64{}, waves: map[int]float64{}, known: map[worlds.Support]float64{},
				kept: map[worlds.Support]float64{}, part: map[worlds.Support]float64{}, below: map[worlds.Support]float64{},
			}
			a.bodies[id] = b
		}
		b.class[f.class] += weight
		if _, fell := w.broken[id]; fell && !w.circling {
			b.least += weight
		}
		if _, always := w.always[id]; always && w.circling {
			b.least += weight
		}
		if f.wave >= 0 {
			b.waves[f.wave] += weight
		}
		for s, kept := range f.kept {
			b.known[s] += weight
			b.kept[s] += weight * float64(kept)
			b.part[s] += weight * float64(f.parts[s])
			if f.below[s] {
				b.below[s] += weight
			}
		}
	}
}

// differ compares an exact answer with the reference and returns what differs.
func differ(r *queries.PurgeReport, a *refAnswer) []string {
	var out []string
	near := func(what string, got, want float64) {
		if !(math.Abs(got-want) <= 2e-9) {
			out = append(out, fmt.Sprintf("%s: got %.10f, reference %.10f", what, got, want))
		}
	}
	seen := map[graph.ID]bool{}
	for _, o := range r.Institutions {
		id := string(o.ID)
		seen[o.ID] = true
		b := a.bodies[o.ID]
		near(id+" intact", o.Intact.P, b.class["INTACT"])
		near(id+" strained", o.Strained.P, b.class["STRAINED"])
		near(id+" fractured", o.FracturedOnly.P, b.class["FRACTURED"])
		near(id+" collapsed", o.Collapsed.P, b.class["COLLAPSED"])
		near(id+" P", o.Fractured.P, b.class["FRACTURED"]+b.class["COLLAPSED"])
		near(id+" sum", o.Intact.P+o.Strained.P+o.FracturedOnly.P+o.Collapsed.P, 1)
		if o.Least != nil {
			near(id+" least", o.Least.P, b.least)
		}
		supports := map[worlds.Support]bool{}
		for _, s := range o.Supports {
			supports[s.Support] = true
			name := id + " " + s.Support.String()
			near(name+" data", s.Data.P, b.known[s.Support])
			near(name+" mean", s.Mean, b.kept[s.Support]/b.known[s.Support]/refMillion)
			near(name+" records", s.Records.Value, b.part[s.Support]/b.known[s.Support]/refMillion)
			near(name+" below", s.Below.P, b.below[s.Support])
		}
		for s := range b.known {
			if !supports[s] {
				out = append(out, fmt.Sprintf("%s %s: missing, the reference has data", id, s))
			}
		}
		out = append(out, differWave(id, o.Wave, b.waves)...)
	}
	for id, b := range a.bodies {
		if !seen[id] && b.class["INTACT"] < 1-1e-9 {
			out = append(out, fmt.Sprintf("%s: missing, the reference has it touched: %v", id, b.class))
		}
	}
	for _, l := range []struct {
		what string
		got  []queries.Likely
		want map[graph.ID]float64
	}{{"struck", r.Struck, a.struck}, {"rallied", r.Rallied, a.rallied}, {"lost", r.Lost, a.lost}} {
		if len(l.got) != len(l.want) {
			out = append(out, fmt.Sprintf("%s: got %d nodes, reference %d", l.what, len(l.got), len(l.want)))
		}
		for _, n := range l.got {
			near(l.what+" "+string(n.ID), n.Chance.P, l.want[n.ID])
		}
	}
	if circling := r.Basis.Circling; (circling != nil) != (a.circling > 0) {
		out = append(out, fmt.Sprintf("circling: got %v, reference %.10f", circling, a.circling))
	} else if circling != nil {
		near("circling", circling.P, a.circling)
	}
	near("none", r.None.P, a.none)
	near("mean number", r.Fractured.Mean, a.mean)
	near("mean number of their own", r.OwnFractured.Mean, a.ownMean)
	if got, want := refIDs(r.OwnInstitutions), idsOf(a.own); !slices.Equal(got, want) {
		out = append(out, fmt.Sprintf("own: got %v, reference %v", got, want))
	}
	for _, o := range r.Institutions {
		if o.Own != a.own[o.ID] {
			out = append(out, fmt.Sprintf("%s own: got %t", o.ID, o.Own))
		}
	}
	if r.Basis.Converged == a.open {
		out = append(out, fmt.Sprintf("converged: got %t, reference %t", r.Basis.Converged, !a.open))
	}
	out = append(out, checkWitnesses(r)...)
	slices.Sort(out)
	return out
}

func differWave(id string, got *queries.WaveOutcome, waves map[int]float64) []string {
	if len(waves) == 0 {
		if got != nil {
			return []string{fmt.Sprintf("%s wave: got %+v, reference never", id, *got)}
		}
		return nil
	}
	if got == nil {
		return []string{fmt.Sprintf("%s wave: got never, reference %v", id, waves)}
	}
	best, earliest, total, mean := 0.0, math.MaxInt, 0.0, 0.0
	for wave, n := range waves {
		best, earliest = max(best, n), min(earliest, wave)
		total += n
		mean += float64(wave) * n
	}
	if waves[got.Mode] < best-1e-9 || got.Earliest != earliest || math.Abs(got.Mean-mean/total) > 1e-8 {
		return []string{fmt.Sprintf("%s wave: got %+v, reference %v", id, *got, waves)}
	}
	return nil
}

// compare runs both; compared is false where the case is too large to go
// through.
func compare(c purgeCase, limit int) (compared bool, problem string) {
	want, ok := refPurge(c.batch, c.targets, c.params, limit)
	if !ok {
		return false, ""
	}
	s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		return false, err.Error()
	}
	r, err := queries.Purge(context.Background(), s, queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Exact}, Explain: 10})
	if errors.Is(err, worlds.ErrInput) {
		return false, ""
	}
	if err != nil {
		return true, err.Error()
	}
	if d := differ(r, want); len(d) > 0 {
		return true, strings.Join(d, "\n")
	}
	return true, ""
}

// TestPurgeMatchesReference compares exact answers on random graphs with a
// second, scalar implementation of the model, world by world.
func TestPurgeMatchesReference(t *testing.T) {
	t.Parallel()
	cases := 700
	if testing.Short() {
		cases = 60
	}
	compared := 0
	for seed := range cases {
		c := purgeCases.Example(seed)
		if seed%2 == 1 {
			c = strikeCases.Example(seed)
		}
		done, problem := compare(c, 400)
		if problem != "" {
			t.Fatalf("case %d:\n%s\n%s", seed, problem, c)
		}
		if done {
			compared++
		}
	}
	t.Logf("compared %d of %d graphs", compared, cases)
	if compared < cases/2 {
		t.Errorf("compared %d of %d graphs: the rest had too many worlds", compared, cases)
	}
}

// TestPurgeMatchesReferenceShrinking looks at other graphs in every run and
// makes what it finds small.
func TestPurgeMatchesReferenceShrinking(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := strikeCases.Draw(rt, "case")
		if _, problem := compare(c, 200); problem != "" {
			rt.Fatalf("%s\n%s", problem, c)
		}
	})
}
