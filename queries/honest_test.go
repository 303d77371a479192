package queries_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// someone is whom a test asks about in a made-up state, by few runs.
var someone = querytest.About{
	Targets: []graph.ID{"g1", "g2"}, With: []graph.ID{"g2"}, Groups: []graph.ID{"g1", "g2", "g3"}, From: "g1", To: "i1", Office: "s1",
	Search: 40, Trajectories: 3, Size: 1,
}

// picturesOf are as many pictures as a question is asked of: the last.
func picturesOf(row queries.Question, pictures ...*projection.Snapshot) []*projection.Snapshot {
	return pictures[max(0, len(pictures)-row.Days):]
}

// noSample are the numbers of reports that no sampling error is in, and those that have
// none told, each with the reason.
var noSample = map[string]string{
	"Picture.MinConfidence":       "asked",
	"Drawn.Unseen":                "a bound",
	"Requirement.Need":            "asked",
	"Requirement.Floor":           "asked",
	"Factor.Low":                  "asked",
	"Factor.High":                 "asked",
	"Weights.ByType":              "asked",
	"Weights.ByInstitution":       "asked",
	"Risk.Weight":                 "asked",
	"FrontierReport.Tolerance":    "asked",
	"FrontierReport.Threshold":    "asked",
	"FrontierGroup.Benefit":       "asked",
	"FrontierPoint.Benefit":       "asked",
	"FrontierPoint.Any":           "a sum of weights that were asked",
	"FrontierPoint.Price":         "a quotient of benefits and such sums, or of what the search saw",
	"FrontierPoint.Searched":      "what the search saw of what it chose is no estimate; Expected is",
	"FrontierReport.SafeBound":    "a benefit that was asked",
	"StageReport.Limit":           "asked",
	"StageReport.Searched":        "what the search saw of what it chose is no estimate; Peak is",
	"StageReport.Bound":           "a bound on what the search saw",
	"InsureReport.Limit":          "asked",
	"InsureReport.Level":          "asked",
	"InsureReport.Searched":       "what the search saw of what it chose is no estimate; the tail after the last measure is",
	"AttributionReport.Threshold": "asked",
	"EntanglementReport.MinP":     "asked",
	"ExposureReport.MinShare":     "asked",
	"Test.P":                      "of counts that are told",
	"DoubtfulTie.Confidence":      "on record",
	"Step.Confidence":             "on record",
	"Step.Stated":                 "on record",
	"Path.Confidence":             "a product of what is on record",
	"Outcome.Coverage":            "on record",
	"Foothold.Coverage":           "on record",
	"Cause.Share":                 "of one world, or an expectation that is worked out",
	"FailedSupport.Retained":      "of one world",
	"FailedSupport.Need":          "asked",
	"SupportOutcome.Q05":          "a quantile of the worlds drawn",
	"SupportOutcome.Q50":          "a quantile of the worlds drawn",
	"SupportOutcome.Q95":          "a quantile of the worlds drawn",
	"ExposedShare.Share":          "an expectation that is worked out",
	"ExposedShare.Records":        "an expectation that is worked out",
	"ExposedShare.Claims":         "an expectation that is worked out",
	"Exposure.Largest":            "an expectation that is worked out",
	"HeldShare.Share":             "an expectation that is worked out",
	"HeldShare.Counts":            "an expectation that is worked out",
	"Hold.Share":                  "an expectation that is worked out",
	"ExposureChange.Largest":      "an expectation that is worked out",
	"ShareChange.Before":          "an expectation that is worked out",
	"ShareChange.After":           "an expectation that is worked out",
	"NetworkState.Residual":       "counted",
	"NetworkState.Original":       "counted",
	"CutPoint.Residual":           "counted",
	"Broker.EffectiveSize":        "counted",
	"Broker.Efficiency":           "counted",
	"Broker.Constraint":           "counted",
	"HalfLife.Years":              "asked",
	"Params.Solidarity":           "asked",
	"Params.Walkout":              "asked",
	"Params.Switchover":           "asked",
	"Params.Loyalty":              "asked",
	"Params.MinCoverage":          "asked",
	"Params.DeputyShare":          "asked",
	"Params.ParentShare":          "asked",
	"Params.InfluenceShare":       "asked",
	"Params.TieWeight":            "asked",
	"Params.ControlShare":         "asked",
	"Params.CutProvokes":          "asked",
	"Params.FromWeight":           "asked",
	"Params.OwnShare":             "asked",
	"Params.SourceCorrelation":    "asked",
}

// bounded are the numbers that the bounds beside them are of.
var bounded = []string{"P", "Value", "Mean", "SE", "Low", "High"}

// TestEverySampledFigureHasAnInterval goes through the types of all reports: a number is
// one with bounds beside it, or noSample says why it needs none.
func TestEverySampledFigureHasAnInterval(t *testing.T) {
	t.Parallel()
	reports := map[string]bool{}
	used := map[string]bool{}
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, typ.Kind()) {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		low, ok := typ.FieldByName("Low")
		_, high := typ.FieldByName("High")
		own := ok && high && len(low.Index) == 1
		for f := range typ.Fields() {
			under := f.Type
			for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, under.Kind()) {
				under = under.Elem()
			}
			if under.Kind() != reflect.Float64 {
				walk(f.Type)
				continue
			}
			name := typ.Name() + "." + f.Name
			used[name] = true
			if noSample[name] == "" && (!own || !slices.Contains(bounded, f.Name)) {
				t.Errorf("%s is a number without an interval, and noSample has no reason for it", name)
			}
		}
	}
	for _, row := range queries.Questions() {
		typ := reflect.TypeOf(row.Report()).Elem()
		reports[typ.Name()] = true
		walk(typ)
	}
	for name := range noSample {
		if !used[name] {
			t.Errorf("no report has %s", name)
		}
	}
	for _, name := range reportTypes(t) {
		if !reports[name] {
			t.Errorf("%s is not looked at", name)
		}
	}
}

// reportTypes lists the types of this package that are named as reports are.
func reportTypes(t *testing.T) (names []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && strings.HasSuffix(spec.Name.Name, "Report") {
				names = append(names, spec.Name.Name)
			}
			return true
		})
	}
	return names
}

// TestEveryReportTellsWhatItRestsOn: the basis has what it takes to ask again, and a
// report that searched tells of the search.
func TestEveryReportTellsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	picture := []string{"Hash", "Version", "AsOf", "Gap", "MinConfidence", "EvidenceUntil", "HalfLives", "DefaultedTies", "FadedTies", "AgelessTies", "StructuralTies", "LaterTies", "LateTies", "UntimedTies", "Conditional"}
	draw := append(slices.Clone(picture), "Method", "Samples", "Seed", "Generator", "Unseen")
	for typ, want := range map[reflect.Type][]string{
		reflect.TypeFor[queries.RecordBasis](): append(slices.Clone(picture), "Params"),
		reflect.TypeFor[queries.DrawBasis]():   draw,
		reflect.TypeFor[queries.Basis]():       append(slices.Clone(draw), "Params", "Converged", "Waves"),
	} {
		for _, name := range want {
			if _, ok := typ.FieldByName(name); !ok {
				t.Errorf("%s has no %s", typ, name)
			}
		}
	}
	for _, row := range queries.Questions() {
		typ := reflect.TypeOf(row.Report()).Elem()
		names := []string{"Basis"}
		if row.Days == 2 {
			names = []string{"From", "To"}
		}
		for _, name := range names {
			if f, ok := typ.FieldByName(name); !ok || !strings.HasSuffix(f.Type.Name(), "Basis") {
				t.Errorf("%s has no basis in %s", typ, name)
			}
		}
		switch r := row.Report().(type) {
		case *queries.VerifyReport, *queries.AttributionReport:
			if _, ok := typ.FieldByName("FreshSeed"); !ok {
				t.Errorf("%T does not tell in which worlds it judged", r)
			}
		default:
		}
		if _, searched := typ.FieldByName("Searched"); searched {
			for _, name := range []string{"SearchSeed", "SearchSamples"} {
				if _, ok := typ.FieldByName(name); !ok {
					t.Errorf("%s has no %s", typ, name)
				}
			}
		}
	}
}

// TestWhatWasNotSeenHasABound asks every question of a state with 40 worlds: each interval
// holds its figure and leaves room beyond it, also where nothing was seen or all worlds
// agree.
func TestWhatWasNotSeenHasABound(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 600, institutions: 40, groups: 4})
	about := someone
	about.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 40, Seed: 3}
	for _, row := range queries.Questions() {
		if !querytest.Draws(row) {
			continue
		}
		name := reflect.TypeOf(row.Report()).Elem().Name()
		r, err := row.Ask(t.Context(), picturesOf(row, s), about.Fill(row))
		if err != nil {
			t.Fatal(err)
		}
		c := boundsCheck{}
		c.walk(name, reflect.ValueOf(r))
		if len(c.problems) > 0 {
			t.Errorf("%d of %d intervals: %v", len(c.problems), c.intervals, c.problems[:min(5, len(c.problems))])
		}
		if c.intervals < 1 || name != "PathsReport" && c.intervals < 8 {
			t.Errorf("%s: only %d intervals", name, c.intervals)
		}
	}
}

type boundsCheck struct {
	intervals int
	problems  []string
}

// walk checks every struct with bounds, other than those of what is not drawn.
func (c *boundsCheck) walk(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.walk(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case queries.Factor, queries.NetworkState, worlds.Params:
			return
		case queries.FrontierPoint:
			if len(x.Groups) == 0 { // nobody is struck: it is certain that nothing happens
				if x.Expected.Low != 0 || x.Expected.High != 0 {
					c.problems = append(c.problems, fmt.Sprintf("%s: the purge of nobody takes %v", path, x.Expected))
				}
				return
			}
		default:
		}
		if l, ok := figure(v); ok {
			c.bounds(path, l)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	default:
	}
}

// different are the figures that can be below 0.
var different = regexp.MustCompile(`^CompareReport.((Own)?Fractured|None)$|Difference|Importance|Shift|Mu$`)

func (c *boundsCheck) bounds(path string, l leaf) {
	c.intervals++
	// A parameter that changes nothing has the same effect in every run, all of which met
	// the same worlds; a state without defaults rests on none.
	sure := strings.Contains(path, ".Effects[") || strings.HasSuffix(path, ".Defaults.Share")
	if !(l.low <= l.value && l.value <= l.high) || l.low == l.high && !sure || l.low < 0 && !different.MatchString(path) {
		c.problems = append(c.problems, fmt.Sprintf("%s: %+v", path, l))
	}
}

// TestFreshWorldsCanBeAskedAgain: what an attribution says of a set, and a verification of
// a tie, is what a purge answers in the worlds that the answer names.
func TestFreshWorldsCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 600, institutions: 40, groups: 4})
	draw := worlds.Draw{Method: worlds.Sampled, Samples: 200, Seed: 3}
	in := queries.DefaultAttribution()
	in.Targets, in.Threshold, in.Draw = []graph.ID{"g1", "g2"}, 0.2, draw
	r, err := queries.Attribute(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	sets := 0
	for _, body := range r.Sufficient {
		for _, set := range body.Sets {
			var targets []graph.ID
			for _, target := range set.Targets {
				targets = append(targets, target.ID)
			}
			p := purgeOf(t, s, queries.PurgeInput{Targets: targets, Params: in.Params, Draw: worlds.Draw{Method: draw.Method, Samples: draw.Samples, Seed: r.FreshSeed}})
			if got := chanceOf(p, body.ID); got != set.Fractured {
				t.Errorf("%v: %+v, asked again %+v", targets, set.Fractured, got)
			}
			sets++
		}
	}
	if sets == 0 || r.FreshSeed == r.Basis.Seed {
		t.Errorf("%d sets, seed %d", sets, r.FreshSeed)
	}
	v, err := queries.Verify(t.Context(), s, queries.VerifyInput{Targets: in.Targets, Params: in.Params, Draw: draw})
	if err != nil {
		t.Fatal(err)
	}
	p := purgeOf(t, s, queries.PurgeInput{Targets: in.Targets, Params: in.Params, Draw: worlds.Draw{Method: draw.Method, Samples: draw.Samples, Seed: v.FreshSeed}})
	// The two means are of all worlds, so many with the tie as it has IfTrue for.
	tie, within := v.Ties[0], false
	for n := range draw.Samples + 1 {
		share := float64(n) / float64(draw.Samples)
		within = within || math.Abs(share*tie.IfTrue.Value+(1-share)*tie.IfFalse.Value-p.Fractured.Mean) < 1e-6
	}
	if !within || v.FreshSeed == v.Basis.Seed {
		t.Errorf("%+v does not make %g", tie, p.Fractured.Mean)
	}
	draw.Method = worlds.Exact
	few := onePost(t, "0.3")
	v, err = queries.Verify(t.Context(), few, queries.VerifyInput{Targets: []graph.ID{"g"}, Params: in.Params, Draw: draw})
	if err != nil || v.FreshSeed != 0 {
		t.Errorf("exact: seed %d, %v", v.FreshSeed, err)
	}
}
