package graph_test

import (
	"maps"
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

func nodeProp(t *testing.T, k graph.Kind, name string) graph.PropSpec {
	t.Helper()
	s, ok := graph.Spec(k.Info().Props, name)
	if !ok {
		t.Fatalf("%v has no property %q", k, name)
	}
	return s
}

func tieProp(t *testing.T, typ graph.TieType, name string) graph.PropSpec {
	t.Helper()
	s, ok := graph.Spec(typ.Info().Props, name)
	if !ok {
		t.Fatalf("%v has no property %q", typ, name)
	}
	return s
}

func TestPropSpecCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		spec        graph.PropSpec
		value, want string
		reason      string // of the error, "" where there is none
	}{
		{nodeProp(t, graph.Place, "lat"), "33.3", "33.3", ""},
		{nodeProp(t, graph.Place, "lat"), "-33.30", "-33.3", ""},
		{nodeProp(t, graph.Place, "lat"), "-0", "0", ""},
		{nodeProp(t, graph.Place, "lat"), "-90", "-90", ""},
		{nodeProp(t, graph.Place, "lat"), "90.0001", "", "outside -90 to 90"},
		{nodeProp(t, graph.Place, "lon"), "-180", "-180", ""},
		{nodeProp(t, graph.Place, "lon"), "-181", "", "outside -180 to 180"},
		{nodeProp(t, graph.Place, "lon"), "NaN", "", "not a finite number"},
		{nodeProp(t, graph.Place, "lon"), "Inf", "", "not a finite number"},
		{nodeProp(t, graph.Place, "lon"), "1e999", "", "not a finite number"},
		{nodeProp(t, graph.Place, "lon"), "44,3", "", "not a finite number"},
		{tieProp(t, graph.Funds, "amount"), "0", "0", ""},
		{tieProp(t, graph.Funds, "amount"), " 1e6 ", "1e+06", ""},
		{tieProp(t, graph.Funds, "amount"), "-1", "", "below 0"},
		{nodeProp(t, graph.RevenueStream, "amountMax"), "12000000000", "1.2e+10", ""},
		{nodeProp(t, graph.Post, "weight"), "1", "1", ""},
		{nodeProp(t, graph.Post, "weight"), "1.01", "", "outside 0 to 1"},
		{nodeProp(t, graph.Post, "weight"), "-0.1", "", "outside 0 to 1"},
		{nodeProp(t, graph.Post, "seats"), "1", "1", ""},
		{nodeProp(t, graph.Post, "seats"), "0", "", "below 1"},
		{nodeProp(t, graph.Group, "strength"), "0", "0", ""},
		{nodeProp(t, graph.Group, "strength"), "+007", "7", ""},
		{nodeProp(t, graph.Group, "strength"), "-1", "", "below 0"},
		{nodeProp(t, graph.Group, "strength"), "1.5", "", "not a whole number"},
		{nodeProp(t, graph.Group, "strength"), "1,500", "", "not a whole number"},
		{nodeProp(t, graph.Group, "strength"), "", "", "not a whole number"},
		{nodeProp(t, graph.Institution, "placeholder"), "TRUE", "true", ""},
		{nodeProp(t, graph.Institution, "placeholder"), "0", "false", ""},
		{nodeProp(t, graph.Institution, "placeholder"), "yes", "", "not true or false"},
		{nodeProp(t, graph.Person, "born"), "1964-03", "1964-03", ""},
		{nodeProp(t, graph.Person, "born"), "1964-03-05T00:00:00Z", "1964-03-05", ""},
		{nodeProp(t, graph.Person, "gender"), " male ", "male", ""},
		{nodeProp(t, graph.Source, "reliability"), "B", "B", ""},
		{nodeProp(t, graph.Source, "reliability"), "b", "", "not one of A, B, C, D, E, F"},
		{tieProp(t, graph.PartOf, "class"), "informal", "informal", ""},
		{tieProp(t, graph.PartOf, "class"), "dotted", "", "not one of command, administrative, informal"},
	} {
		got, err := tt.spec.Check(tt.value)
		switch {
		case tt.reason == "" && (err != nil || got != tt.want):
			t.Errorf("%s %q is %q, %v; want %q", tt.spec.Name, tt.value, got, err, tt.want)
		case tt.reason != "" && (err == nil || err.Error() != tt.reason):
			t.Errorf("%s %q: %v, want the error %q", tt.spec.Name, tt.value, err, tt.reason)
		}
	}
	if _, err := nodeProp(t, graph.Person, "born").Check("2013-13"); err == nil {
		t.Error("born takes 2013-13")
	}
}

// TestCheckCanonical: what Check returns is a value that it leaves alone.
func TestCheckCanonical(t *testing.T) {
	t.Parallel()
	specs := append(graph.PropsOf(nil), graph.TiePropsOf(nil)...)
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom(specs).Draw(t, "column")
		values := []string{
			rapid.String().Draw(t, "text"),
			strconv.FormatFloat(rapid.Float64().Draw(t, "number"), 'f', -1, 64),
			strconv.Itoa(rapid.Int().Draw(t, "whole number")),
			rapid.SampledFrom(append([]string{"true", "0", "2014-06?", "-0", "0x1p-2"}, spec.Enum...)).Draw(t, "word"),
		}
		for _, v := range values {
			canonical, err := spec.Check(v)
			if err != nil {
				continue
			}
			if again, err := spec.Check(canonical); err != nil || again != canonical {
				t.Fatalf("%s: %q becomes %q, which becomes %q (%v)", spec.Name, v, canonical, again, err)
			}
		}
	})
}

func TestProps(t *testing.T) {
	t.Parallel()
	var p graph.Props
	p = p.Set("title", "Minister").Set("seats", "2").Set("weight", "0.5").Set("statutory", "true").Set("form", "arms", "", "funds").Set("born", "1964?")
	if got := p.Text("title"); got != "Minister" {
		t.Errorf("Text = %q", got)
	}
	if n, ok := p.Int("seats"); !ok || n != 2 {
		t.Errorf("Int = %d, %t", n, ok)
	}
	if f, ok := p.Float("weight"); !ok || math.Abs(f-0.5) > 0 {
		t.Errorf("Float = %g, %t", f, ok)
	}
	if !p.Bool("statutory") || p.Bool("title") {
		t.Error("Bool is wrong")
	}
	if got := p.Date("born"); got.Text != "1964?" || got.Earliest != day(t, "1964-01-01") {
		t.Errorf("Date = %+v", got)
	}
	if diff := cmp.Diff([]string{"arms", "funds"}, p["form"]); diff != "" {
		t.Errorf("Set keeps empty values: %s", diff)
	}
	if diff := cmp.Diff([]string{"born", "form", "seats", "statutory", "title", "weight"}, p.Names()); diff != "" {
		t.Errorf("Names: %s", diff)
	}
	if p = p.Set("seats").Set("title", ""); len(p["seats"]) != 0 || p.Text("title") != "" || len(p) != 4 {
		t.Errorf("Set to nothing leaves %v", maps.Collect(maps.All(p)))
	}
	if _, ok := p.Int("seats"); ok {
		t.Error("an absent property has a number")
	}
	if d := p.Date("absent"); !d.Unknown() {
		t.Errorf("an absent property has the date %v", d)
	}
}
