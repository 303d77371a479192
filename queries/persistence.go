package queries

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Persistence is how long the holders of posts stay on record, in a store and in the frozen
// table.
type Persistence struct {
	// Until is the day up to which tenures were looked at.
	Until graph.Day
	// Posts by type, most tenures first; the last row is that of all posts.
	Posts []TenureRow
	// Unstarted claims have no known start, and are in no row.
	Unstarted int
}

// TenureRow is a row of it. Years of both are half-lives: medians.
type TenureRow struct {
	graph.Tenures
	// Frozen is the row of the table, nil for a type that has none and takes that of all
	// posts.
	Frozen *graph.Tenures
}

// PersistenceOf estimates the half-lives of tenures that a store has on record by a day, by
// Kaplan and Meier (1958), in years; +Inf where fewer than half of them ended. Nothing uses
// it: a question fades by the frozen table unless it is given half-lives. A tenure counts for
// the first of its post's types that the table has, else the first.
func PersistenceOf(ctx context.Context, r projection.Source, until graph.Day) (*Persistence, error) {
	list, unstarted, err := projection.Lastings(ctx, r, until)
	if err != nil {
		return nil, err
	}
	frozen, all := graph.TenureHalfLives()
	rows := map[string]*graph.Tenures{}
	for i := range frozen {
		rows[frozen[i].Post] = &frozen[i]
	}
	byType := map[string][]estimate.Lasted{}
	var whole []estimate.Lasted
	for _, l := range list {
		typ := ""
		if len(l.Types) > 0 {
			typ = l.Types[0]
		}
		if i := slices.IndexFunc(l.Types, func(t string) bool { return rows[t] != nil }); i >= 0 {
			typ = l.Types[i]
		}
		one := estimate.Lasted{Time: l.Days / graph.DaysOfYear, Ended: l.Ended}
		byType[typ], whole = append(byType[typ], one), append(whole, one)
	}
	delete(byType, "") // of posts of no type: in the row of all
	p := &Persistence{Until: until, Unstarted: unstarted}
	for _, typ := range slices.Sorted(maps.Keys(byType)) {
		p.Posts = append(p.Posts, TenureRow{Tenures: tenuresOf(typ, byType[typ]), Frozen: rows[typ]})
	}
	slices.SortStableFunc(p.Posts, func(a, b TenureRow) int { return -cmp.Compare(a.Held, b.Held) })
	p.Posts = append(p.Posts, TenureRow{Tenures: tenuresOf("", whole), Frozen: &all})
	return p, ctx.Err()
}

func tenuresOf(post string, lasted []estimate.Lasted) graph.Tenures {
	s := estimate.KaplanMeier(lasted)
	cents := func(years float64) float64 { return math.Round(100*years) / 100 }
	return graph.Tenures{Post: post, Years: cents(s.Median), Low: cents(s.Lower), High: cents(s.Upper), Held: s.Lasted, Ended: s.Ended}
}
