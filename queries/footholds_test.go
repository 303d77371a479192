package queries_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// refFoothold is what the reference counts of an institution: sums over the worlds.
type refFoothold struct{ filled, some, relied, tied, through, noLine, least float64 }

// refFootholds goes through every world as refPurge does. It follows each line upwards, where the
// code follows them down from the office.
func refFootholds(b graph.Batch, office graph.ID, groups []graph.ID, p worlds.Params, limit int) (map[graph.ID]*refFoothold, bool) {
	g, decided, out, count := newRefGraph(b), map[string]bool{}, map[graph.ID]*refFoothold{}, 0
	p.Followers = true
	var visit func(weight float64) bool
	visit = func(weight float64) bool {
		asked, chance := "", 0.0
		w := &refWorld{
			refGraph: g, p: p, drawn: map[string]graph.ID{}, struck: map[graph.ID]bool{}, cut: map[graph.ID]bool{}, gone: map[graph.ID]bool{},
			within: map[graph.ID]bool{}, scope: map[graph.ID]bool{}, rallied: map[graph.ID]bool{}, lost: map[graph.ID]bool{}, broken: map[graph.ID]int{},
			coin: func(key string, c float64) bool {
				side, ok := decided[key]
				if !ok && asked == "" {
					asked, chance = key, c
				}
				return side
			},
		}
		found := w.footholds(office, groups)
		if asked == "" {
			for id, f := range found {
				if out[id] == nil {
					out[id] = &refFoothold{}
				}
				o := out[id]
				for _, sum := range [][2]*float64{{&o.filled, &f.filled}, {&o.some, &f.some}, {&o.relied, &f.relied}, {&o.tied, &f.tied}, {&o.through, &f.through}, {&o.noLine, &f.noLine}, {&o.least, &f.least}} {
					*sum[0] += weight * *sum[1]
				}
			}
			count++
			return count <= limit
		}
		chance = math.Round(chance*(1<<32)) / (1 << 32)
		defer delete(decided, asked)
		decided[asked] = true
		if !visit(weight * chance) {
			return false
		}
		decided[asked] = false
		return visit(weight * (1 - chance))
	}
	return out, visit(1)
}

func (w *refWorld) footholds(office graph.ID, groups []graph.ID) map[graph.ID]*refFoothold {
	w.strike(groups)
	held := func(post graph.ID) bool { return len(w.holders(post)) > 0 }
	taken := func(post graph.ID) bool {
		return slices.ContainsFunc(w.holders(post), func(person graph.ID) bool { return w.lost[person] })
	}
	// reaches says that a line leads up from a post to the office, by posts that stops does not
	// stop, and past at most Bridge vacant ones in a row.
	var reaches func(post graph.ID, stops func(graph.ID) bool) bool
	reaches = func(post graph.ID, stops func(graph.ID) bool) bool {
		type place struct {
			post   graph.ID
			vacant int
		}
		seen := []place{{post, 0}}
		for i := 0; i < len(seen); i++ {
			if seen[i].post == office {
				return true
			}
			for _, t := range w.of(graph.ReportsTo, from(seen[i].post)) {
				next := place{t.To, 0}
				switch {
				case stops(t.To):
					continue
				case !held(t.To):
					next.vacant = seen[i].vacant + 1
				}
				if next.vacant <= w.p.Bridge && !slices.Contains(seen, next) {
					seen = append(seen, next)
				}
			}
		}
		return false
	}
	out := map[graph.ID]*refFoothold{}
	for id, n := range w.nodes {
		if n.Kind != graph.Institution || n.Props.Bool("placeholder") {
			continue
		}
		f, total, seats := &refFoothold{}, 0.0, 0
		for _, post := range w.posts(id) {
			weight, _ := w.postWeight(post).Float64()
			add := func(bound bool) {
				seats++
				total += weight
				switch {
				case bound:
					f.tied += weight
				case reaches(post, func(id graph.ID) bool { return taken(id) }) && !(post != office && taken(office)):
					f.relied += weight
				case reaches(post, func(graph.ID) bool { return false }):
					f.through += weight
				default:
					f.noLine += weight
				}
			}
			switch {
			case w.manySeats(post):
				for _, person := range w.holders(post) {
					add(w.lost[person])
				}
			case held(post):
				add(taken(post))
			}
		}
		if total == 0 {
			continue
		}
		leading, stated := n.Props.Int("authorisedPosts")
		if !stated || leading <= 0 {
			leading = refPrior(w.p.LeadingPosts, n.Types...)
		}
		f.filled = 1
		for _, v := range []*float64{&f.relied, &f.tied, &f.through, &f.noLine} {
			*v /= total
		}
		if f.relied > 0 {
			f.some = 1
		}
		f.least = f.relied * min(1, float64(seats)/float64(leading))
		out[id] = f
	}
	return out
}

// TestFootholdsMatchReference compares exact answers on random graphs with the reference.
func TestFootholdsMatchReference(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		in := queries.DefaultFootholds()
		in.Office, in.Groups, in.Params, in.Method = "s0", []graph.ID{"g0"}, c.params, worlds.Exact
		if rapid.Bool().Draw(rt, "another group") {
			in.Groups = append(in.Groups, "g1")
		}
		want, ok := refFootholds(c.batch, in.Office, in.Groups, c.params, 300)
		s := snapshotOfBatch(t, c.batch)
		r, err := queries.FootholdsIn(t.Context(), s, in)
		if errors.Is(err, worlds.ErrUnknown) || errors.Is(err, worlds.ErrInput) || !ok {
			return // no such post or group, or too many worlds
		}
		if err != nil {
			rt.Fatal(err)
		}
		if r.Basis.Missing.NoRecord {
			return
		}
		compared++
		for _, f := range r.Institutions {
			w := want[f.ID]
			if w == nil || w.filled == 0 {
				rt.Fatalf("%s is told of and has no filled post\n%v", f.ID, c)
			}
			near := func(name string, got, sum, of float64) {
				if math.Abs(got-sum/of) > 3e-6 {
					rt.Fatalf("%s %s: %g, reference %g\n%v", f.ID, name, got, sum/of, c)
				}
			}
			near("data", f.Data.P, w.filled, 1)
			near("some", f.Some.P, w.some, 1)
			near("relied", f.Relied.Value, w.relied, w.filled)
			near("tied", f.Tied.Value, w.tied, w.filled)
			near("through", f.Through.Value, w.through, w.filled)
			near("noLine", f.NoLine.Value, w.noLine, w.filled)
			near("least", f.Least.Value, w.least, w.filled)
			delete(want, f.ID)
		}
		for id, w := range want {
			node, _ := s.Index(id)
			if w.filled > 0 && s.Recorded(node) {
				rt.Fatalf("%s has filled posts and is not told of\n%v", id, c)
			}
		}
	})
	if compared < 20 {
		t.Errorf("compared %d graphs only", compared)
	}
}

// TestFootholdsShrinkWithGroups: with one group more nothing more can be relied on, and of what was
// never filled nothing is told.
func TestFootholdsShrinkWithGroups(t *testing.T) {
	t.Parallel()
	less := 0
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		s, err := projection.FromBatch(c.batch, someDay)
		if err != nil {
			rt.Fatal(err)
		}
		ask := func(groups ...graph.ID) map[graph.ID]queries.Foothold {
			in := queries.DefaultFootholds()
			in.Office, in.Groups, in.Params, in.Method, in.Samples = "s0", groups, c.params, worlds.Sampled, 64
			r, err := queries.FootholdsIn(t.Context(), s, in)
			if err != nil {
				return nil
			}
			out := map[graph.ID]queries.Foothold{}
			for _, f := range r.Institutions {
				if sum := f.Relied.Value + f.Tied.Value + f.Through.Value + f.NoLine.Value; math.Abs(sum-1) > 1e-5 || f.Data.Count == 0 || f.Least.Value > f.Relied.Value+1e-6 {
					rt.Fatalf("%s: shares sum to %g, least %g of %g, data in %d worlds", f.ID, sum, f.Least.Value, f.Relied.Value, f.Data.Count)
				}
				out[f.ID] = f
			}
			return out
		}
		few, many := ask("g0"), ask("g0", "g1")
		for id, f := range many {
			if len(few) == 0 { // of the one group nothing is on record
				continue
			}
			if f.Relied.Value > few[id].Relied.Value+1e-9 || f.Some.Count > few[id].Some.Count {
				rt.Fatalf("%s: %g relied on with two groups, %g with one\n%v", id, f.Relied.Value, few[id].Relied.Value, c)
			}
			if f.Relied.Value < few[id].Relied.Value {
				less++
			}
		}
	})
	if less == 0 {
		t.Error("in no case did a further group matter")
	}
}
