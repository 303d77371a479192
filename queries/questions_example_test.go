package queries_test

import (
	"context"
	"fmt"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// Every question in Go, of the data of the worked example of docs/model.md: three posts
// of a ministry, of which the group may have one (0.8) and may hold a part of the staff
// besides (0.5) and of a brigade (0.9).

// answered asks a question of the example.
func answered[In, Report any](ask func(context.Context, *projection.Snapshot, In) (*Report, error), in In) *Report {
	s, err := exampleSnapshot()
	if err != nil {
		panic(err)
	}
	report, err := ask(context.Background(), s, in)
	if err != nil {
		panic(err)
	}
	return report
}

// The deputy alone instead of the group: the claim of its staff stands by the rest, so
// that the ministry breaks only where nobody made that claim (0.5).
func ExampleCompare() {
	in := queries.DefaultCompare()
	in.First.Targets, in.Second.Targets = []graph.ID{"g"}, []graph.ID{"b"}
	for _, c := range answered(queries.Compare, in).Institutions {
		fmt.Printf("%s: %.2f and %.2f, %+.2f; only the first %.2f, only the second %.2f\n",
			c.Name, c.First.P, c.Second.P, c.Difference.Value, c.OnlyFirst.P, c.OnlySecond.P)
	}
	// Output: Ministry: 0.98 and 0.50, -0.48; only the first 0.49, only the second 0.01
}

func ExampleEntanglementOf() {
	for _, p := range answered(queries.EntanglementOf, queries.DefaultEntanglement()).Pairs {
		fmt.Printf("%s breaks %s with %.2f\n", p.Group.ID, p.Institution.Name, p.Fractured.P)
	}
	// Output: g breaks Ministry with 0.98
}

// The group alone breaks the ministry with 0.98, its deputy alone with 0.5, both for
// certain.
func ExampleAttribute() {
	in := queries.DefaultAttribution()
	in.Targets, in.Institution = []graph.ID{"g", "b"}, "ministry"
	report := answered(queries.Attribute, in)
	fmt.Printf("together %.2f\n", report.Whole.Value)
	for _, s := range report.Shares {
		fmt.Printf("%s: solo %.2f, last out %.2f, Shapley %.2f\n", s.ID, s.Solo.Value, s.LastOut.Value, s.Shapley.Value)
	}
	for _, set := range report.Sufficient[0].Sets {
		fmt.Printf("%s alone suffices: %.2f\n", set.Targets[0].ID, set.Fractured.P)
	}
	// Output:
	// together 1.00
	// g: solo 0.98, last out 0.50, Shapley 0.74
	// b: solo 0.50, last out 0.02, Shapley 0.26
	// g alone suffices: 0.98
	// b alone suffices: 0.50
}

// One support under its need is enough: of three doubtful claims that of the staff
// decides nothing.
func ExampleVerify() {
	in := queries.DefaultVerify()
	in.Targets, in.Institution = []graph.ID{"g"}, "ministry"
	for _, t := range answered(queries.Verify, in).Ties {
		fmt.Printf("%s %s %s: %.2f if it holds, %.2f if not\n", t.From.ID, t.Type, t.To.ID, t.IfTrue.Value, t.IfFalse.Value)
	}
	// Output:
	// g CONTROLS brigade: 1.00 if it holds, 0.80 if not
	// b MEMBER_OF g: 1.00 if it holds, 0.90 if not
}

// With half of what it needs the ministry never breaks, with all of it in 0.98 of the
// worlds; every claim of the example states its share.
func ExampleSensitivity() {
	in := queries.DefaultSensitivity()
	in.Targets, in.Institution, in.Method, in.Trajectories = []graph.ID{"g"}, "ministry", worlds.Exact, 2
	in.Levels = 2
	in.Factors = []queries.Factor{{Name: "controlShare", Low: 0.25, High: 0.75}, {Name: "needs", Low: 0.5, High: 1}}
	for _, e := range answered(queries.Sensitivity, in).Effects {
		fmt.Printf("%s: mu* %.2f\n", e.Name, e.MuStar.Value)
	}
	// Output:
	// needs: mu* 0.98
	// controlShare: mu* 0.00
}

func ExampleFrontier() {
	in := queries.DefaultFrontier()
	in.Groups = []graph.ID{"g"}
	report := answered(queries.Frontier, in)
	fmt.Printf("nothing breaks: %d groups, %s\n", len(report.Safe.Groups), report.SafeOptimality)
	for _, p := range report.Curve {
		fmt.Printf("benefit %g: expected weight %.2f, %s\n", p.Benefit, p.Expected.Value, p.Verdict)
	}
	// Output:
	// nothing breaks: 0 groups, EXACT
	// benefit 0: expected weight 0.00, WITHIN
	// benefit 1: expected weight 0.98, BEYOND
}

// The deputy first: who was lost stays lost, and his post is filled when the group goes,
// so that only its hold of the brigade is left to break the ministry.
func ExampleStage() {
	in := queries.DefaultStage()
	in.Targets = []graph.ID{"g", "b"}
	report := answered(queries.Stage, in)
	for i, s := range report.Stages {
		fmt.Printf("%d. %s: %.2f\n", i+1, s.Target.ID, s.Expected.Value)
	}
	fmt.Printf("peak %.2f, all at once %.2f, %s\n", report.Peak.Value, report.AtOnce.Value, report.Optimality)
	// Output:
	// 1. b: 0.50
	// 2. g: 0.90
	// peak 0.90, all at once 1.00, EXACT
}

// A successor for the deputy spares the ministry where the group does not hold the
// brigade (0.1); in the worst tenth it does.
func ExampleInsure() {
	in := queries.DefaultInsure()
	in.Targets = []graph.ID{"g"}
	report := answered(queries.Insure, in)
	fmt.Printf("the worst tenth: %.2f\n", report.Tail.Value)
	for _, m := range report.Measures {
		fmt.Printf("%s %s: %.2f, on average %.2f\n", m.Kind, m.Node.ID, m.TailAfter.Value, m.ExpectedAfter.Value)
	}
	fmt.Println(report.Verdict, report.Optimality)
	// Output:
	// the worst tenth: 1.00
	// SUCCESSOR deputy: 1.00, on average 0.90
	// BEYOND EXACT
}

// Only persons and groups are lost, and none of them joins anything that the ministry does
// not: the bare network stays in one piece either way.
func ExampleWorstCase() {
	in := queries.DefaultWorstCase()
	in.Targets = []graph.ID{"g"}
	report := answered(queries.WorstCase, in)
	for _, n := range report.Purged {
		fmt.Print(n.ID, " ")
	}
	fmt.Printf("F %.3f\n", report.AfterPurge.Residual)
	for _, n := range report.Worst {
		fmt.Print(n.ID, " ")
	}
	fmt.Printf("F %.3f\n", report.AfterWorst.Residual)
	// Output:
	// b g F 0.000
	// g a F 0.000
}

// Without the ministry eight are left: two, two, and four whom the group joins, so that F is
// 1 − (2 + 2 + 12) / 56.
func ExampleBrokers() {
	report := answered(queries.Brokers, queries.DefaultBrokers())
	for _, p := range report.Points {
		fmt.Printf("%s cuts off %d, F %.3f\n", p.Node.ID, p.CutOff, p.Residual)
	}
	// Output:
	// ministry cuts off 4, F 0.714
	// director cuts off 1, F 0.250
	// minister cuts off 1, F 0.250
}

// Half of the ministry's leading posts are known. Of these the deputy is 0.6 of 2 and a
// member with 0.8: 0.24; the claim says 0.4 with 0.5: 0.2. Then 0.24 × (1 − 0.5 × 0.5) +
// 0.5 × 0.2.
func ExampleExposureOf() {
	for _, p := range answered(queries.ExposureOf, queries.DefaultExposure()).Pairs {
		for _, s := range p.Shares {
			fmt.Printf("%s of %s: %s %.2f\n", p.Group.ID, p.Institution.Name, s.Support, s.Share)
		}
	}
	// Output:
	// g of Brigade: COMMAND 0.36
	// g of Ministry: STAFF 0.28
	// g of Ministry: FORCE 0.36
}

// By the claim on the brigade, 0.9; by the deputy, 0.8; by the claim on the staff, 0.5: some
// way is there but for 0.1 × 0.2 × 0.5.
func ExamplePathsBetween() {
	in := queries.DefaultPathsBetween()
	in.From, in.To = "g", "ministry"
	report := answered(queries.PathsBetween, in)
	for _, p := range report.Paths {
		fmt.Printf("%d ties, %.2f\n", len(p.Steps), p.Confidence)
	}
	fmt.Printf("connected %.2f\n", report.Connected.P)
	// Output:
	// 2 ties, 0.90
	// 3 ties, 0.80
	// 1 ties, 0.50
	// connected 0.99
}

func ExampleChanges() {
	batch, err := querytest.Batch(`
		person a
		person b
		post minister
		institution ministry
		minister POST_IN ministry
		a HOLDS minister from=2014 to=2016
		b HOLDS minister from=2017 to=..`)
	if err != nil {
		panic(err)
	}
	var days []*projection.Snapshot
	for _, year := range []int{2015, 2018} {
		s, err := projection.FromBatch(batch, projection.Options{AsOf: graph.DayOf(year, 1, 1)})
		if err != nil {
			panic(err)
		}
		days = append(days, s)
	}
	report, err := queries.Changes(context.Background(), days[0], days[1], queries.DefaultChanges())
	if err != nil {
		panic(err)
	}
	for _, i := range report.Institutions {
		fmt.Printf("%s: %s went, %s came\n", i.Institution.ID, i.Went[0].Person.ID, i.Came[0].Person.ID)
	}
	// Output:
	// ministry: a went, b came
}
