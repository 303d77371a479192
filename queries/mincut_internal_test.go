package queries

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestClosureIsTheBestAtEveryPrice compares the frontier with all subsets of up to
// eight groups: at every price at which the best set can change and between those,
// one of its sets is as good as any; each contains the one before it.
func TestClosureIsTheBestAtEveryPrice(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	vertices := 0
	for n := range 150 {
		c := closure{needs: make([][]int32, 1+r.IntN(8))}
		for range 1 + r.IntN(6) {
			c.cost = append(c.cost, r.Int64N(4)*500)
		}
		for g := range c.needs {
			c.benefit = append(c.benefit, 1+r.Int64N(3000))
			for body := range c.cost {
				if r.IntN(3) == 0 {
					c.needs[g] = append(c.needs[g], int32(body))
				}
			}
		}
		every := make([]chosen, 1<<len(c.needs))
		for mask := range every {
			var set []int32
			for g := range c.needs {
				if mask>>g&1 == 1 {
					set = append(set, int32(g))
				}
			}
			every[mask] = c.sum(set)
		}
		sets := c.frontier()
		vertices += len(sets)
		for i, s := range sets {
			if same := c.sum(s.projects); same.benefit != s.benefit || same.cost != s.cost {
				t.Fatalf("case %d: %+v sums to %+v", n, s, same)
			}
			if i == 0 {
				continue
			}
			for _, p := range sets[i-1].projects {
				if !slices.Contains(s.projects, p) {
					t.Fatalf("case %d: %v does not contain %v", n, s.projects, sets[i-1].projects)
				}
			}
		}
		// Prices gain/pay between any two sets are all at which the order of sets can
		// change.
		tried := map[[2]int64]bool{}
		for _, a := range every {
			for _, b := range every {
				gain, pay := b.benefit-a.benefit, b.cost-a.cost
				if gain <= 0 || pay <= 0 {
					continue
				}
				d := gcd(gain, pay)
				gain, pay = gain/d, pay/d
				if tried[[2]int64{gain, pay}] {
					continue
				}
				tried[[2]int64{gain, pay}] = true
				best, got := bestValue(every, pay, gain), bestValue(sets, pay, gain)
				if got != best {
					t.Fatalf("case %d at price %d/%d: %d, best of all sets %d\n%+v", n, gain, pay, got, best, c)
				}
				if cut := c.best(pay, gain); value(cut, pay, gain) != best {
					t.Fatalf("case %d at price %d/%d: the cut gives %d, best of all sets %d", n, gain, pay, value(cut, pay, gain), best)
				}
			}
		}
	}
	if vertices < 300 {
		t.Errorf("%d points in 150 cases: the cases are too easy to tell anything", vertices)
	}
}

func bestValue(sets []chosen, benefit, cost int64) int64 {
	best := value(sets[0], benefit, cost)
	for _, s := range sets {
		best = max(best, value(s, benefit, cost))
	}
	return best
}

// TestMaximumFlow: the flow of the network in Cormen, Leiserson, Rivest and Stein,
// Introduction to Algorithms, 3rd edition, figure 26.1, is 23.
func TestMaximumFlow(t *testing.T) {
	const s, v1, v2, v3, v4, sink = 0, 1, 2, 3, 4, 5
	f := newFlow(6)
	for _, a := range [][3]int64{
		{s, v1, 16}, {s, v2, 13}, {v2, v1, 4}, {v1, v3, 12}, {v3, v2, 9}, {v2, v4, 14}, {v4, v3, 7}, {v3, sink, 20}, {v4, sink, 4},
	} {
		f.arc(int32(a[0]), int32(a[1]), a[2])
	}
	f.fill(s, sink)
	into := int64(0)
	for a := f.first[sink]; a != noArc; a = f.next[a] {
		into += f.room[a]
	}
	if into != 23 {
		t.Errorf("flow %d, want 23", into)
	}
	cut := f.reaches(sink)
	if want := []bool{false, false, false, true, false, true}; !slices.Equal(cut, want) {
		t.Errorf("beyond the cut %v, want %v", cut, want)
	}
}
