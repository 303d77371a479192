package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// EntanglementInput asks, for each of several groups, which institutions a purge
// of that group alone would fracture.
type EntanglementInput struct {
	// Groups are those that are purged, one at a time; every group where empty.
	Groups []graph.ID
	Params worlds.Params
	// MinP leaves out pairs with a smaller probability, 0–1.
	MinP float64
	// Draw: ManySamples worlds where it does not say.
	worlds.Draw
}

// EntanglementReport is the answer: the matrix of groups and institutions without
// its zeros.
type EntanglementReport struct {
	Basis Basis
	// Groups that were purged, those first whose purge fractures most institutions
	// on average, then by id.
	Groups []GroupEntanglement
	// Pairs with a probability of at least MinP and above 0, the likeliest first,
	// then by the ids of group and institution; those of a group and its own last.
	Pairs []Entangled
	// Omitted is the number of pairs above 0 and under MinP, that of the question.
	Omitted int
	MinP    float64
}

// GroupEntanglement is what the purge of one group does.
type GroupEntanglement struct {
	Ref
	// OwnInstitutions are those that are counted as the group's own, by id.
	OwnInstitutions []Ref
	// Fractured is the spread of the number of institutions fractured in a world but for
	// the group's own, OwnFractured that of these.
	Fractured, OwnFractured estimate.Spread
	// None is the probability that nothing but the group's own fractures.
	None estimate.Estimate
	// Institutions is the number of those that fracture in some world but for its own.
	Institutions int
}

// Entangled is one pair: the probability that the institution fractures if the
// group is purged.
type Entangled struct {
	Group, Institution Ref
	// Own says that the institution is counted as the group's own.
	Own       bool `json:",omitempty"`
	Fractured estimate.Estimate
}

// EntanglementOf simulates the purge of each group in the same worlds. It fails
// with ErrInput or ErrUnknown for what is no group and with ctx.Err() when the
// context ends. The cost is the sum of the purges; the picture is prepared once.
func EntanglementOf(ctx context.Context, s *projection.Snapshot, in EntanglementInput) (*EntanglementReport, error) {
	asked, err := in.check(s)
	if err != nil {
		return nil, err
	}
	var missing Missing
	groups := missing.present(s, asked)
	missing.NoRecord = len(groups) == 0
	m := worlds.NewModel(s, in.Params)
	cases := make([]*worlds.Model, len(groups))
	for i, group := range groups {
		cases[i] = m.Aimed(worlds.Node(group))
	}
	ledgers := make([]ledger, len(groups))
	for i, group := range groups {
		ledgers[i] = ledgerOf(s, &in.Params, []int32{group})
	}
	// A purge of all groups at once reads every coin that a purge of a single group reads.
	p := &worlds.Purges{Cases: cases, Widest: []*worlds.Model{m.Aimed(aimed(groups)...)}}
	sum, c, err := worlds.Together(ctx, p, &in.Draw, func() *matrix { return newMatrix(ledgers) }, (*matrix).visit, (*matrix).merge)
	if err != nil {
		return nil, err
	}
	r := sum.report(c, m, groups, in)
	r.missing(missing)
	return r, nil
}

func (in *EntanglementInput) check(s *projection.Snapshot) ([]int32, error) {
	if err := in.Check(ManySamples); err != nil {
		return nil, err
	}
	if err := in.Params.Verify(s); err != nil {
		return nil, err
	}
	if !(in.MinP >= 0 && in.MinP <= 1) {
		return nil, fmt.Errorf("%w: minP %g is outside 0 to 1", worlds.ErrInput, in.MinP)
	}
	var groups []int32
	for _, id := range in.Groups {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: group %q", worlds.ErrUnknown, id)
		}
		if s.Kind(node) != graph.Group {
			return nil, fmt.Errorf("%w: %q is a %s; entanglement is asked of groups", worlds.ErrInput, id, s.Kind(node))
		}
		groups = append(groups, node)
	}
	if len(in.Groups) == 0 {
		lo, hi := s.Range(graph.Group)
		for node := lo; node < hi; node++ {
			groups = append(groups, node)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups), nil
}

// matrix counts worlds by group.
type matrix struct {
	rows  []matrixRow
	total float64
}

type matrixRow struct {
	ledger       *ledger
	bodies       map[int32]float64
	numbers, own map[int]float64
}

func newMatrix(ledgers []ledger) *matrix {
	x := &matrix{rows: make([]matrixRow, len(ledgers))}
	for i := range x.rows {
		x.rows[i] = matrixRow{ledger: &ledgers[i], bodies: map[int32]float64{}, numbers: map[int]float64{}, own: map[int]float64{}}
	}
	return x
}

func (x *matrix) visit(s *worlds.Seen) {
	all := s.Weigh(everyWorld)
	if s.Case == 0 {
		x.total += all
	}
	row, some := &x.rows[s.Case], uint64(0)
	for body, mask := range s.Fractured() {
		row.bodies[body] += s.Weigh(mask)
		some |= mask
	}
	if some == 0 {
		row.numbers[0] += all
		row.own[0] += all
		return
	}
	n := s.Damage(row.ledger.state)
	for lane, weight := range s.Worlds(everyWorld) {
		row.numbers[int(n[lane])] += weight
	}
	n = s.Damage(row.ledger.theirs)
	for lane, weight := range s.Worlds(everyWorld) {
		row.own[int(n[lane])] += weight
	}
}

func (x *matrix) merge(o *matrix) {
	x.total += o.total
	for i := range x.rows {
		for body, w := range o.rows[i].bodies {
			x.rows[i].bodies[body] += w
		}
		for n, w := range o.rows[i].numbers {
			x.rows[i].numbers[n] += w
		}
		for n, w := range o.rows[i].own {
			x.rows[i].own[n] += w
		}
	}
}

func (x *matrix) report(c *worlds.Course, m *worlds.Model, groups []int32, in EntanglementInput) *EntanglementReport {
	exact := c.Exact()
	r := &EntanglementReport{Basis: basisOf(c, m), MinP: in.MinP}
	for i, group := range groups {
		row := x.rows[i]
		g := GroupEntanglement{
			Ref: m.Snapshot.Ref(group), OwnInstitutions: row.ledger.owned,
			Fractured:    estimate.SpreadOf(row.numbers, exact, int(total(row.ledger.state))),
			OwnFractured: estimate.SpreadOf(row.own, exact, int(total(row.ledger.theirs))),
			None:         estimate.Probability(exact, row.numbers[0], x.total),
		}
		for body, w := range row.bodies {
			if row.ledger.state[body] > 0 {
				g.Institutions++
			}
			e := Entangled{Group: g.Ref, Institution: bodyRef(m.Snapshot, body), Own: row.ledger.isOwn[body], Fractured: estimate.Probability(exact, w, x.total)}
			if e.Fractured.P < in.MinP || w == 0 {
				r.Omitted++
				continue
			}
			r.Pairs = append(r.Pairs, e)
		}
		r.Groups = append(r.Groups, g)
	}
	slices.SortFunc(r.Groups, func(a, b GroupEntanglement) int {
		return cmp.Or(-cmp.Compare(a.Fractured.Mean, b.Fractured.Mean), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(r.Pairs, func(a, b Entangled) int {
		return cmp.Or(-cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.Group.ID, b.Group.ID), cmp.Compare(a.Institution.ID, b.Institution.ID))
	})
	ownLast(r.Pairs, func(e Entangled) bool { return e.Own })
	return r
}
