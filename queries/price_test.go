package queries_test

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// TestPricesGrow: what is asked for more costs no less: each number of an input, each list
// and each table with more in it. A number of worlds makes dearer whatever draws some.
func TestPricesGrow(t *testing.T) {
	t.Parallel()
	for _, size := range []queries.Size{{}, {Ties: 500, Groups: 40, Armed: 20}, {Ties: 360_000, Groups: 60, Armed: 60}} {
		for _, row := range queries.Questions() {
			for _, method := range []worlds.Method{worlds.Sampled, worlds.Auto, worlds.Exact} {
				about := querytest.About{Targets: []graph.ID{"a", "b"}, Groups: []graph.ID{"a", "b"}, From: "a", To: "b", Office: "s", Draw: worlds.Draw{Method: method, Samples: 100}}
				in := reflect.New(reflect.TypeOf(row.Default())).Elem()
				in.Set(reflect.ValueOf(about.Fill(row)))
				g := growing{t: t, row: row, size: size, whole: in}
				g.fields(string(method), in)
				if !g.drawn && querytest.Draws(row) && method != worlds.Exact {
					t.Errorf("%s, %s: the number of worlds does not count", row.Name, method)
				}
			}
		}
	}
}

// growing makes a part of an input larger, step by step.
type growing struct {
	t     *testing.T
	row   queries.Question
	size  queries.Size
	whole reflect.Value
	drawn bool
}

func (g *growing) price() float64 { return g.row.Cost(g.whole.Interface(), g.size).Units }

func (g *growing) fields(path string, v reflect.Value) {
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		was := reflect.ValueOf(f.Interface())
		at := path + "." + name
		last := 0.0
		switch {
		case f.Kind() == reflect.Struct && name != "Params" && name != "Weights":
			g.fields(at, f)
			continue
		case name == "Workers": // they change no answer and no work
			continue
		case f.Kind() == reflect.Int:
			for _, n := range []int64{1, 2, 3, 5, 8, 12, 13, 20, 21, 50, 512, 1024, 4096, 65_536} {
				f.SetInt(n)
				last = g.step(fmt.Sprintf("%s %d", at, n), last)
			}
			f.SetInt(100)
			few := g.price()
			f.SetInt(65_536)
			g.drawn = g.drawn || name == "Samples" && g.price() > few
		case f.Kind() == reflect.Slice:
			for _, n := range []int{1, 2, 4, 10, 11, 12, 13, 20, 21, 40} {
				f.Set(reflect.MakeSlice(f.Type(), n, n))
				last = g.step(fmt.Sprintf("%d %s", n, at), last)
			}
		case name == "RecoveryByType":
			for n := range 5 {
				f.Set(reflect.ValueOf(map[string]int{"unit": n}))
				last = g.step(fmt.Sprintf("%s of %d", at, n), last)
			}
		default:
			continue
		}
		f.Set(was)
	}
}

func (g *growing) step(what string, last float64) float64 {
	g.t.Helper()
	now := g.price()
	if now < last || math.IsNaN(now) || math.IsInf(now, 0) {
		g.t.Errorf("%s: %s costs %g, less than %g", g.row.Name, what, now, last)
	}
	return now
}

// TestPricesOfPictures: more groups cost no less, and more ties more.
func TestPricesOfPictures(t *testing.T) {
	t.Parallel()
	for _, row := range queries.Questions() {
		last := 0.0
		for _, ties := range []int{0, 10, 1000, 100_000, 10_000_000} {
			now := row.Cost(row.Default(), queries.Size{Ties: ties, Groups: 40, Armed: 20}).Units
			if now < last || ties > 10 && now <= last {
				t.Errorf("%s in %d ties costs %g, in fewer %g", row.Name, ties, now, last)
			}
			if more := row.Cost(row.Default(), queries.Size{Ties: ties, Groups: 80, Armed: 40}).Units; more < now {
				t.Errorf("%s of more groups costs %g, %g of fewer", row.Name, more, now)
			}
			last = now
		}
		if row.Base <= 0 || row.Rate <= 0 {
			t.Errorf("%s has no price: run make bench-price and put what it fits into its row", row.Name)
		}
	}
}

// TestPriceByWhatItDoes: by hand, with a block of 64 worlds more for each run, for questions
// of a + b × worlds × runs × ties / 10,000.
func TestPriceByWhatItDoes(t *testing.T) {
	t.Parallel()
	size := queries.Size{Ties: 20_000, Groups: 40, Armed: 21}
	sampled := func(n int) worlds.Draw { return worlds.Draw{Method: worlds.Sampled, Samples: n} }
	groups := make([]graph.ID, 12)
	for name, tt := range map[string]struct {
		question string
		in       any
		work     worlds.Work
		says     string
	}{
		"one world":   {"purge", queries.PurgeInput{Draw: sampled(1)}, worlds.Work{Drawn: 65}, "65 worlds drawn, in 20,000 ties"},
		"many worlds": {"purge", queries.PurgeInput{Draw: sampled(65_536)}, worlds.Work{Drawn: 65_600}, "65,600 worlds drawn, in 20,000 ties"},
		"exact": {
			"compare",
			queries.CompareInput{Draw: worlds.Draw{Method: worlds.Exact}},
			worlds.Work{Exact: 2 << 20},
			"2,097,152 worlds of an exact answer, in 20,000 ties",
		},
		"auto is both": {
			"purge",
			queries.PurgeInput{Draw: worlds.Draw{Method: worlds.Auto, Samples: 4096}},
			worlds.Work{Drawn: 4160, Exact: 8 * 4096},
			"4,160 worlds drawn and 32,768 worlds of an exact answer, in 20,000 ties",
		},
		"auto of each":      {"entanglement", queries.EntanglementInput{Draw: worlds.Draw{Samples: 1}}, worlds.Work{Drawn: 40 * 65, Exact: 40 * 8}, ""},
		"auto at its limit": {"purge", queries.PurgeInput{Draw: worlds.Draw{Samples: 1 << 18}}, worlds.Work{Drawn: 1<<18 + 64, Exact: 1 << 20}, ""},
		"auto draws":        {"sensitivity", queries.SensitivityInput{Trajectories: 1, Factors: make([]queries.Factor, 1), Draw: worlds.Draw{Samples: 10}}, worlds.Work{Drawn: 2 * 74}, ""},
		"every group":       {"entanglement", queries.EntanglementInput{Draw: sampled(10)}, worlds.Work{Drawn: 40 * 74}, ""},
		"every subset":      {"attribution", queries.AttributionInput{Targets: groups[:5], Draw: sampled(10)}, worlds.Work{Drawn: 32 * 74}, ""},
		"orders":            {"attribution", queries.AttributionInput{Targets: groups, Draw: sampled(10)}, worlds.Work{Drawn: 1024 * 74}, ""},
		"r(D + 1)":          {"sensitivity", queries.SensitivityInput{Trajectories: 7, Factors: make([]queries.Factor, 4), Draw: sampled(10)}, worlds.Work{Drawn: 35 * 74}, ""},
		"sets and points":   {"frontier", queries.FrontierInput{Groups: groups[:3], Search: 100, Draw: sampled(10)}, worlds.Work{Drawn: 8*100 + 8*10}, ""},
		// Up to 12 groups every set is simulated; of 20 the other sets, 2²⁰ − 2¹², are told of by
		// the table, 512 for a purge. Of more the search goes on by so many sets of each size.
		"table of sets": {"frontier", queries.FrontierInput{Groups: make([]graph.ID, 20), Search: 1, Draw: sampled(1)}, worlds.Work{Drawn: 4096 + (1<<20-4096)/512 + 64}, ""},
		"beam":          {"frontier", queries.FrontierInput{Groups: make([]graph.ID, 21), Beam: 3, Search: 1, Draw: sampled(1)}, worlds.Work{Drawn: 4096 + (1<<20-4096)/512 + 2*3*21*21 + 64}, ""},
		"armed groups":  {"frontier", queries.FrontierInput{Beam: 3, Search: 1, Draw: sampled(1)}, worlds.Work{Drawn: 4096 + (1<<20-4096)/512 + 2*3*21*21 + 64}, ""},
		// A search goes through every world of at most ten coins.
		"search of every world": {
			"frontier",
			queries.FrontierInput{Groups: groups[:3], Search: 100, Draw: worlds.Draw{Method: worlds.Exact, Samples: 10}},
			worlds.Work{Exact: 16 * 1024},
			"",
		},
		"search of either": {
			"frontier",
			queries.FrontierInput{Groups: groups[:3], Search: 2000, Draw: worlds.Draw{Samples: 10}},
			worlds.Work{Drawn: 8*2000 + 8*10, Exact: 16 * 1024},
			"",
		},
		"recovery":          {"stage", queries.StageInput{Targets: groups[:4], Recovery: 1, RecoveryByType: map[string]int{"unit": 3}, Budget: 2000, Search: 1, Draw: sampled(1)}, worlds.Work{Drawn: 16*4*4 + 4 + 9}, ""},
		"paths":             {"paths", queries.PathsInput{MaxHops: 3, Limit: 2, Draw: sampled(10)}, worlds.Work{Drawn: 74 + 16*2*3*3}, ""},
		"the shortest path": {"paths", queries.PathsInput{Draw: sampled(10)}, worlds.Work{Drawn: 74 + 16}, ""},
		"larger measures":   {"insure", queries.InsureInput{Size: 5, Search: 1, Draw: sampled(1)}, worlds.Work{Drawn: 1 + 400 + 190 + 1140 + 20*2 + 11}, ""},
		"stages":            {"stage", queries.StageInput{Targets: groups[:3], Recovery: 1, Budget: 2000, Search: 100, Draw: sampled(10)}, worlds.Work{Drawn: (8+3)*100 + 7*10}, ""},
		"within the budget": {"stage", queries.StageInput{Targets: groups, Recovery: 1, Budget: 50, Search: 100, Draw: sampled(10)}, worlds.Work{Drawn: (50+12)*100 + 25*10}, ""},
		// 400 measures alone, and the pairs and triples of twenty.
		"measures":  {"insure", queries.InsureInput{Size: 3, Search: 100, Draw: sampled(10)}, worlds.Work{Drawn: (1+400+190+1140)*100 + 7*10}, ""},
		"no worlds": {"exposure", queries.ExposureInput{}, worlds.Work{Drawn: 1}, "a look at the picture, in 20,000 ties"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row, ok := queries.QuestionNamed(tt.question)
			if !ok {
				t.Fatal("no such question")
			}
			got := row.Cost(tt.in, size)
			if got.Work != tt.work {
				t.Errorf("work %+v, want %+v", got.Work, tt.work)
			}
			// An exact world counts a hundred ties.
			if want := row.Base + row.Rate*(2*tt.work.Drawn+0.01*tt.work.Exact); math.Abs(got.Units-max(1, want)) > 1e-9*want {
				t.Errorf("price %g, want %g", got.Units, want)
			}
			if tt.says != "" && got.String() != tt.says {
				t.Errorf("says %q, want %q", got, tt.says)
			}
		})
	}
}

// TestPricesAreThoseMeasured: the rows have the numbers that bench/price was last held
// against, as its page prints them.
func TestPricesAreThoseMeasured(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../bench/price/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range queries.Questions() {
		line := fmt.Sprintf(`(?m)^\| `+"`%s`"+` \|[^|]*\|[^|]*\|[^|]*\| %v \| %v \|$`, row.Name, row.Base, row.Rate)
		if !regexp.MustCompile(line).Match(page) {
			t.Errorf("bench/price/README.md has no row that says %g and %g of %s: run make bench-price and put its tables there", row.Base, row.Rate, row.Name)
		}
	}
}
