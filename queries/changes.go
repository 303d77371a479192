package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// ChangesInput asks what changed between two pictures.
type ChangesInput struct {
	// Nodes are institutions and groups to look at; empty for all. A holder is listed
	// of if the institution is named, or is none of them and he belongs to a named
	// group; a tie if it has a named end; an exposure as ExposureOf does.
	Nodes []graph.ID
	// Params are those of the exposures.
	Params worlds.Params
}

// ChangesReport is the answer. It says how the claims that stand differ. A change of the
// record may have happened, or may only have been recorded.
type ChangesReport struct {
	// From and To are what the two pictures rest on.
	From, To RecordBasis
	// Nodes that were asked about, nil for all.
	Nodes []Ref
	// Institutions whose posts changed hands, most changes first, then by id; posts
	// of no institution come last, under none.
	Institutions []Turnover
	// Ties other than HOLDS and POST_IN with a group or an institution at an end
	// that began or ended, by type, ends and sort of change.
	Ties []TieChange
	// Exposures that changed, the largest change first, then by ids.
	Exposures []ExposureChange
	Counts    ChangeCounts
}

// ChangeCounts are the lengths of the lists. A holder of a post in two institutions, who is
// listed with both, counts once.
type ChangeCounts struct {
	Came, Went, Began, Ended, Rose, Fell int
}

// Turnover is who came to the posts of an institution and who went.
type Turnover struct {
	// Institution is nil for posts that are in none.
	Institution *Ref
	Came, Went  []Holding
}

// Holding is a person in a post on one of the two days and not on the other.
type Holding struct {
	Post, Person Ref
	// Ties are the claims of it, by id.
	Ties []graph.ID
	// Possible: by their dates none of the claims certainly holds on the day.
	Possible bool
}

// TieChange is a tie between two nodes that stands on one of the two days and not
// on the other. Claims that join the same nodes in the same form are one tie.
type TieChange struct {
	Type     graph.TieType
	From, To Ref
	// Began: it stands on the later day. Otherwise it ended.
	Began bool
	// Ties are the claims of it, by id.
	Ties []graph.ID
	// Possible: by their dates none of the claims certainly holds on the day.
	Possible bool
}

// ExposureChange is an institution's exposure to a group on the two days.
type ExposureChange struct {
	Institution, Group Ref
	// Shares are the supports of which the expected share changed.
	Shares []ShareChange
	// Largest is the largest change, with its sign.
	Largest float64
}

// ShareChange is an expected share before and after, 0–1.
type ShareChange struct {
	Support       worlds.Support
	Before, After float64
}

// leastChange is the smallest difference of a share that counts as a change: shares are
// rounded to 10⁻⁹.
const leastChange = 2e-9

// Changes answers what changed between two pictures of one state of the data, taken
// with the same options but for the day. It fails with ErrInput where they differ in
// more or the first is not the earlier, with ErrUnknown for a node that is in
// neither, and with ctx.Err() when the context ends. The cost is that of two
// exposures.
func Changes(ctx context.Context, before, after *projection.Snapshot, in ChangesInput) (*ChangesReport, error) {
	if err := sameView(before, after); err != nil {
		return nil, err
	}
	asked := ExposureInput{Nodes: in.Nodes, Params: in.Params}
	older, _, err := exposures(ctx, before, asked)
	if err != nil {
		return nil, err
	}
	newer, _, err := exposures(ctx, after, asked)
	if err != nil {
		return nil, err
	}
	d := differ{before: before, after: after, named: map[int32]bool{}}
	for _, id := range in.Nodes {
		node, _ := before.Index(id) // exposures has refused what is not there
		d.named[node] = true
		d.groups = d.groups || before.Kind(node) == graph.Group
		d.bodies = d.bodies || before.Kind(node) == graph.Institution
	}
	r := &ChangesReport{
		From: recordBasis(before, &in.Params), To: recordBasis(after, &in.Params), Nodes: namedRefs(after, in.Nodes),
		Institutions: d.turnover(), Ties: d.ties(), Exposures: exposureChanges(older, newer),
	}
	r.From.concerns(before, false, in.Nodes...)
	r.To.concerns(after, false, in.Nodes...)
	r.count()
	return r, ctx.Err()
}

// sameView refuses pictures that differ in more than the day.
func sameView(before, after *projection.Snapshot) error {
	a, b := before.Options(), after.Options()
	if a.AsOf >= b.AsOf {
		return fmt.Errorf("%w: from %s to %s: the first day must be the earlier", worlds.ErrInput, a.AsOf, b.AsOf)
	}
	a.AsOf = b.AsOf
	switch {
	case a != b:
		return fmt.Errorf("%w: the two pictures were taken with different options", worlds.ErrInput)
	case before.Version() != after.Version() || before.Clearance() != after.Clearance() || before.Len() != after.Len():
		return fmt.Errorf("%w: the two pictures are of different data: version %s and %s", worlds.ErrInput, before.Version(), after.Version())
	}
	return nil
}

// differ compares two pictures whose nodes have the same numbers.
type differ struct {
	before, after  *projection.Snapshot
	named          map[int32]bool
	groups, bodies bool // some group, some institution is named
}

// held is a person in a post; joined is a tie without regard to who claims it.
type (
	held   struct{ post, person int32 }
	joined struct {
		typ      graph.TieType
		from, to int32
		form     projection.Form
		class    projection.Class
	}
)

// backing are the claims of one such thing.
type backing struct {
	ids      []graph.ID
	possible bool
}

func (c *backing) add(s *projection.Snapshot, t int32) *backing {
	if c == nil {
		c = &backing{possible: true}
	}
	c.ids = append(c.ids, s.TieID(t))
	c.possible = c.possible && s.Tie(t).Possible
	return c
}

func holders(s *projection.Snapshot) map[held]*backing {
	found := map[held]*backing{}
	lo, hi := s.OfType(graph.Holds)
	for t := lo; t < hi; t++ {
		tie := s.Tie(t)
		key := held{tie.To, tie.From}
		found[key] = found[key].add(s, t)
	}
	return found
}

func (d *differ) turnover() []Turnover {
	older, newer := holders(d.before), holders(d.after)
	by := map[int32]*Turnover{}
	note := func(s *projection.Snapshot, k held, c *backing, came bool) {
		slices.Sort(c.ids)
		h := Holding{Post: s.Ref(k.post), Person: s.Ref(k.person), Ties: c.ids, Possible: c.possible}
		for _, body := range bodiesOf(s, k.post) {
			if !d.tellsOf(s, body, k.person) {
				continue
			}
			u := by[body]
			if u == nil {
				u = &Turnover{}
				if body >= 0 {
					u.Institution = new(s.Ref(body))
				}
				by[body] = u
			}
			if came {
				u.Came = append(u.Came, h)
			} else {
				u.Went = append(u.Went, h)
			}
		}
	}
	for k, c := range older {
		if newer[k] == nil {
			note(d.before, k, c, false)
		}
	}
	for k, c := range newer {
		if older[k] == nil {
			note(d.after, k, c, true)
		}
	}
	var out []Turnover
	for _, u := range by {
		for _, list := range [][]Holding{u.Came, u.Went} {
			slices.SortFunc(list, func(a, b Holding) int {
				return cmp.Or(cmp.Compare(a.Post.ID, b.Post.ID), cmp.Compare(a.Person.ID, b.Person.ID))
			})
		}
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b Turnover) int {
		if a.Institution == nil || b.Institution == nil { // at most one is
			if a.Institution == nil {
				return 1
			}
			return -1
		}
		return cmp.Or(-cmp.Compare(len(a.Came)+len(a.Went), len(b.Came)+len(b.Went)), cmp.Compare(a.Institution.ID, b.Institution.ID))
	})
	return out
}

// bodiesOf are the institutions that a post is in, −1 for none.
func bodiesOf(s *projection.Snapshot, post int32) []int32 {
	var out []int32
	for _, t := range s.Out(graph.PostIn, post) {
		out = append(out, s.Tie(t).To)
	}
	if out == nil {
		return []int32{-1}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tellsOf reports whether a holder in an institution was asked about.
func (d *differ) tellsOf(s *projection.Snapshot, body, person int32) bool {
	if d.bodies && !d.named[body] {
		return false
	}
	if !d.groups {
		return true
	}
	for _, t := range s.Out(graph.MemberOf, person) {
		if d.named[s.Tie(t).To] {
			return true
		}
	}
	return false
}

func (d *differ) joins(s *projection.Snapshot) map[joined]*backing {
	found := map[joined]*backing{}
	for t := range s.Ties() {
		tie := s.Tie(t)
		if tie.Type == graph.Holds || tie.Type == graph.PostIn || !ruled(s, tie.From) && !ruled(s, tie.To) {
			continue
		}
		if len(d.named) > 0 && !d.named[tie.From] && !d.named[tie.To] {
			continue
		}
		key := joined{tie.Type, tie.From, tie.To, tie.Form, tie.Class}
		found[key] = found[key].add(s, t)
	}
	return found
}

func ruled(s *projection.Snapshot, node int32) bool {
	k := s.Kind(node)
	return k == graph.Group || k == graph.Institution
}

func (d *differ) ties() []TieChange {
	older, newer := d.joins(d.before), d.joins(d.after)
	var out []TieChange
	note := func(k joined, c *backing, began bool) {
		slices.Sort(c.ids)
		out = append(out, TieChange{
			Type: k.typ, From: d.after.Ref(k.from), To: d.after.Ref(k.to), Began: began, Ties: c.ids, Possible: c.possible,
		})
	}
	for k, c := range older {
		if newer[k] == nil {
			note(k, c, false)
		}
	}
	for k, c := range newer {
		if older[k] == nil {
			note(k, c, true)
		}
	}
	slices.SortFunc(out, func(a, b TieChange) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.From.ID, b.From.ID), cmp.Compare(a.To.ID, b.To.ID), slices.Compare(a.Ties, b.Ties))
	})
	return out
}

func exposureChanges(older, newer []Exposure) []ExposureChange {
	type pair struct{ institution, group graph.ID }
	type sides struct {
		change ExposureChange
		shares map[worlds.Support][2]float64
	}
	by := map[pair]*sides{}
	for side, list := range [][]Exposure{older, newer} {
		for _, e := range list {
			k := pair{e.Institution.ID, e.Group.ID}
			if by[k] == nil {
				by[k] = &sides{change: ExposureChange{Institution: e.Institution, Group: e.Group}, shares: map[worlds.Support][2]float64{}}
			}
			for _, s := range e.Shares {
				v := by[k].shares[s.Support]
				v[side] = s.Share
				by[k].shares[s.Support] = v
			}
		}
	}
	var out []ExposureChange
	for _, s := range by {
		for _, sup := range worlds.Supports() {
			v := s.shares[sup]
			change := estimate.Round(v[1] - v[0])
			if math.Abs(change) < leastChange {
				continue
			}
			s.change.Shares = append(s.change.Shares, ShareChange{Support: sup, Before: v[0], After: v[1]})
			if math.Abs(change) > math.Abs(s.change.Largest) {
				s.change.Largest = change
			}
		}
		if s.change.Shares != nil {
			out = append(out, s.change)
		}
	}
	slices.SortFunc(out, func(a, b ExposureChange) int {
		return cmp.Or(-cmp.Compare(math.Abs(a.Largest), math.Abs(b.Largest)), cmp.Compare(a.Institution.ID, b.Institution.ID), cmp.Compare(a.Group.ID, b.Group.ID))
	})
	return out
}

func (r *ChangesReport) count() {
	c := &r.Counts
	came, went := map[[2]graph.ID]bool{}, map[[2]graph.ID]bool{}
	for _, u := range r.Institutions {
		for _, h := range u.Came {
			came[[2]graph.ID{h.Post.ID, h.Person.ID}] = true
		}
		for _, h := range u.Went {
			went[[2]graph.ID{h.Post.ID, h.Person.ID}] = true
		}
	}
	c.Came, c.Went = len(came), len(went)
	for _, t := range r.Ties {
		if t.Began {
			c.Began++
		} else {
			c.Ended++
		}
	}
	for _, e := range r.Exposures {
		if e.Largest > 0 {
			c.Rose++
		} else {
			c.Fell++
		}
	}
}
