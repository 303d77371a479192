package queries_test

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// fewCoins is a state of which every question has an exact answer: three groups that hold
// units, posts and streams by doubtful claims.
const fewCoins = `
	group a types=armed_group
	group b types=armed_group
	group c types=armed_group
	person p{1..6}
	post s{1..6}
	institution ministry authorisedPosts=6
	institution office authorisedPosts=3
	institution one types=unit
	institution two types=unit
	institution agency
	p{1..6} HOLDS s{1..6}
	s{1..6} POST_IN ministry
	s{1..3} POST_IN office
	p1 MEMBER_OF a conf=0.7
	p2 MEMBER_OF a conf=0.4
	p3 MEMBER_OF b conf=0.5
	p4 MEMBER_OF b conf=0.8
	p5 MEMBER_OF c conf=0.3
	a CONTROLS one form=command weight=1 conf=0.6
	b CONTROLS two form=command weight=1 conf=0.3
	c CONTROLS agency form=staffing weight=0.8 conf=0.5
	agency DEPENDS_ON one weight=0.9 conf=0.9`

// leaf is a figure of an answer with its interval.
type leaf struct{ value, low, high float64 }

// figure is a struct as a figure, if it has bounds of its own.
func figure(v reflect.Value) (l leaf, ok bool) {
	if low, has := v.Type().FieldByName("Low"); !has || len(low.Index) != 1 {
		return l, false
	}
	l.low, l.high = v.FieldByName("Low").Float(), v.FieldByName("High").Float()
	for _, name := range []string{"P", "Value", "Mean"} {
		if f := v.FieldByName(name); f.IsValid() {
			l.value = f.Float()
		}
	}
	return l, true
}

// leaves finds the figures of an answer, by what they are of.
func leaves(path string, v reflect.Value, into map[string]leaf) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			leaves(path, v.Elem(), into)
		}
	case reflect.Slice:
		for i := range v.Len() {
			leaves(fmt.Sprintf("%s[%s]", path, keyOf(v.Index(i), i)), v.Index(i), into)
		}
	case reflect.Struct:
		switch v.Interface().(type) {
		case queries.Factor, queries.NetworkState, worlds.Params:
			return
		default:
		}
		if l, ok := figure(v); ok {
			into[path] = l
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				leaves(path+"."+f.Name, v.Field(i), into)
			}
		}
	default:
	}
}

// keyOf says what an item of a list is about, so that the same item of another answer is found.
func keyOf(v reflect.Value, i int) string {
	if v.Kind() != reflect.Struct {
		return strconv.Itoa(i)
	}
	var parts []string
	for _, name := range []string{"ID", "Kind", "Node", "Group", "Institution", "Tie", "Support", "Groups", "Targets", "Members", "Name"} {
		if f := v.FieldByName(name); f.IsValid() {
			parts = append(parts, fmt.Sprint(f.Interface()))
		}
	}
	if parts == nil {
		return strconv.Itoa(i)
	}
	return strings.Join(parts, " ")
}

var keys = regexp.MustCompile(`\[[^\]]*\]+`)

// TestFiguresOfManyDraws: over many draws, the 95% intervals of every figure of every question
// hold what every world together says in nearly all, and are about as wide as four
// standard deviations of the figure over the draws, not many times that.
func TestFiguresOfManyDraws(t *testing.T) {
	t.Parallel()
	const draws, samples = 60, 200
	s := snapshotOf(t, fewCoins)
	for i, row := range slices.Concat(queries.Questions(), ofOne()) {
		if !querytest.Draws(row) {
			continue
		}
		about := querytest.About{
			Targets: []graph.ID{"a", "b"}, With: []graph.ID{"b", "c"}, Groups: []graph.ID{"a", "b", "c"}, From: "a", To: "ministry", Office: "s1",
			Draw: worlds.Draw{Method: worlds.Exact}, Search: samples, Trajectories: 3, Size: 1,
		}
		if i >= len(queries.Questions()) {
			about.Institution = "office"
		}
		if row.Name == "insure" { // without their own nearly all of the worst worlds agree
			about.Params = worlds.DefaultParams()
			about.Params.OwnShare = 1
		}
		if row.Name == "stage" { // exact only where nothing is uncertain
			about.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 1 << 16, Seed: 9}
		}
		ask := func() map[string]leaf {
			r, err := row.Ask(t.Context(), picturesOf(row, s), about.Fill(row))
			if err != nil {
				t.Fatalf("%s: %v", row.Name, err)
			}
			out := map[string]leaf{}
			leaves("", reflect.ValueOf(r), out)
			return out
		}
		truth := ask()
		seen := map[string][]leaf{}
		for seed := range uint64(draws) {
			about.Draw = worlds.Draw{Method: worlds.Sampled, Samples: samples, Seed: 100*seed + 1}
			for path, l := range ask() {
				seen[path] = append(seen[path], l)
			}
		}
		checkFigures(t, row.Name, truth, seen, draws)
	}
}

// ofOne are the questions that can be about one institution.
func ofOne() []queries.Question {
	return slices.DeleteFunc(queries.Questions(), func(row queries.Question) bool {
		_, has := reflect.TypeOf(row.Default()).FieldByName("Institution")
		return !has
	})
}

// checkFigures compares each figure with its true value, if half of the draws tell it.
func checkFigures(t *testing.T, question string, truth map[string]leaf, seen map[string][]leaf, draws int) {
	t.Helper()
	held, all := map[string]int{}, map[string]int{}
	for path, list := range seen {
		want, ok := truth[path]
		if !ok || len(list) < draws/2 {
			continue
		}
		kind := keys.ReplaceAllString(path, "[]")
		var values []float64
		width := 0.0
		for _, l := range list {
			if all[kind]++; l.low <= want.value+1e-9 && want.value <= l.high+1e-9 {
				held[kind]++
			}
			values = append(values, l.value)
			width += (l.high - l.low) / float64(len(list))
		}
		// Trajectories are drawn too, and are three; a figure that some draws alone tell of is
		// the larger for it; of 200 worlds the worst tenth is few.
		wide, off := 1.6, 0.6
		if question == "insure" {
			wide = 3
		}
		if question == "sensitivity" || len(list) < draws {
			wide, off = 3, 1.5
		}
		mean, sd := stat.MeanStdDev(values, nil)
		if sd < 1e-9 {
			continue
		}
		if ratio := width / (2 * estimate.Z95 * sd); ratio < 0.7 || ratio > wide {
			t.Errorf("%s %s: %g wide on average, %.2f times what its standard deviation of %g makes it", question, path, width, ratio, sd)
		}
		if math.Abs(mean-want.value) > off*sd {
			t.Errorf("%s %s: %g on average, the truth is %g, the standard deviation %g", question, path, mean, want.value, sd)
		}
	}
	if len(all) == 0 {
		t.Errorf("%s: no figure was compared", question)
	}
	for kind, n := range all {
		if float64(held[kind]) < 0.9*float64(n) {
			t.Errorf("%s %s: %d of %d intervals hold the truth", question, kind, held[kind], n)
		}
	}
}

// TestFiguresAreNumbers: also where nothing varies and nothing is lost, of a purge that leaves the
// institution that is asked about enough, whichever claims are true.
func TestFiguresAreNumbers(t *testing.T) {
	t.Parallel()
	days := twoDays(t, fewCoins+"\n\tinstitution remote\n\tpost far\n\tperson who\n\tfar POST_IN remote\n\twho HOLDS far conf=0.5")
	for _, row := range queries.Questions() {
		for _, method := range []worlds.Method{worlds.Sampled, worlds.Auto} {
			about := querytest.About{
				Targets: []graph.ID{"c"}, With: []graph.ID{"c", "b"}, Groups: []graph.ID{"c"}, From: "a", To: "remote", Office: "s1", Institution: "ministry",
				Draw: worlds.Draw{Method: method, Samples: 65, Seed: 2}, Search: 64, Trajectories: 2, Size: 1,
			}
			r, err := row.Ask(t.Context(), picturesOf(row, days...), about.Fill(row))
			if err != nil {
				t.Fatalf("%s: %v", row.Name, err)
			}
			found := map[string]leaf{}
			leaves("", reflect.ValueOf(r), found)
			for path, l := range found {
				if sum := l.value + l.low + l.high; math.IsNaN(sum) || math.IsInf(sum, 0) || l.low > l.value || l.high < l.value {
					t.Errorf("%s%s, %s: %+v", row.Name, path, method, l)
				}
			}
		}
	}
}

// TestVerifyWhereFreshWorldsAgree: a tie is chosen in worlds in which it mattered, and judged in
// fresh ones in which all may come out alike.
func TestVerifyWhereFreshWorldsAgree(t *testing.T) {
	s, agreed := snapshotOf(t, `
		group g
		person p{1..3}
		post s{1..3}
		institution office types=office authorisedPosts=3
		s{1..3} POST_IN office
		p{1..3} HOLDS s{1..3}
		p1 MEMBER_OF g conf=0.5
		p2 MEMBER_OF g conf=0.05`), 0
	for seed := range uint64(200) {
		r := verify(t, s, queries.VerifyInput{
			Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Institution: "office", Draw: worlds.Draw{Method: worlds.Sampled, Samples: 20, Seed: seed + 1},
		})
		for _, d := range r.Ties {
			if d.IfTrue.Value == d.IfFalse.Value {
				agreed++
			}
			if e := d.Explained; math.IsNaN(e.Value+e.Low+e.High) || e.Low > e.Value || e.High < e.Value {
				t.Errorf("seed %d: %+v", seed+1, d)
			}
		}
	}
	if agreed == 0 {
		t.Error("in no draw the fresh worlds came out alike: take others")
	}
}

// TestOrdersOfManyDraws: of more targets than all subsets are gone through of, Shapley values
// come from orders that are drawn. Twelve groups of one seat each in a body that needs 60% of
// 24 are alike, so that each has a twelfth of what all do together.
func TestOrdersOfManyDraws(t *testing.T) {
	t.Parallel()
	const n, draws = 12, 40
	s := snapshotOf(t, strings.Replace(manyGroups(n), "MEMBER_OF g{1..12}", "MEMBER_OF g{1..12} conf=0.9", 1))
	in := queries.DefaultAttribution()
	for i := range n {
		in.Targets = append(in.Targets, graph.ID(fmt.Sprintf("g%d", i+1)))
	}
	seen, truth := map[string][]leaf{}, map[string]leaf{}
	for seed := range uint64(draws) {
		in.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 640, Seed: 1000*seed + 1}
		r, err := queries.Attribute(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Whole.Value == 0 || len(r.Shares) != n {
			t.Fatalf("%+v of %d", r.Whole, len(r.Shares))
		}
		for _, share := range r.Shares {
			a := share.Shapley
			half := estimate.Student95(640/worlds.BlockSize-1) * a.SE // over the blocks
			if a.SE > 1e-12 && (math.Abs(a.Low-max(0, a.Value-half)) > 1e-9 || math.Abs(a.High-a.Value-half) > 1e-9) {
				t.Errorf("%+v, want ± %g", a, half)
			}
			path := fmt.Sprintf("share[%s]", share.ID)
			seen[path] = append(seen[path], leaf{a.Value, a.Low, a.High})
			truth[path] = leaf{value: truth[path].value + r.Whole.Value/n/draws}
		}
	}
	checkFigures(t, "attribution", truth, seen, draws)
}
