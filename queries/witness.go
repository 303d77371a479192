package queries

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Witness explains an institution's fate in one world: the first world of its
// most frequent wave in which it fractured, or, where it never did, the first
// in which it was strained.
type Witness struct {
	// World is the number of the world: with the seed it can be replayed.
	World int64
	Wave  int
	// Fractured is false for a witness of strain only.
	Fractured bool
	// Supports that fell under their need there, or were strained, the most
	// damaged first.
	Failed []FailedSupport
}

// FailedSupport is one support in the witness world.
type FailedSupport struct {
	Support  Support
	Retained float64
	Need     float64
	// Causes are the losses behind it, the heaviest first, at most maxCauses.
	Causes []Cause
	// More is the number of further causes.
	More int
}

// Cause is one loss and the way it came about.
type Cause struct {
	// Share of the support that the loss takes, 0–1.
	Share float64
	// Lost is the node whose loss it is: a person, a group or an institution.
	Lost Ref
	// Path leads from a target to the institution, tie by tie.
	Path []Step
}

// Step is one tie of a path, as it is followed.
type Step struct {
	Tie      graph.ID
	Type     graph.TieType
	From, To Ref
	// Along is false where the tie is followed from its to-end.
	Along bool
	// Confidence of the tie, 0–1.
	Confidence float64
}

const maxCauses = 5

// explain works witnesses out by running their worlds again with a trace.
func explain(ctx context.Context, m *model, r *PurgeReport, t *tally, source func(block uint64) coins, limit int) error {
	type job struct {
		outcome *Outcome
		body    int32
		world   int64
		wave    int
	}
	var jobs []job
	for i := range min(limit, len(r.Institutions)) {
		o := &r.Institutions[i]
		body, _ := m.s.Index(o.ID)
		bt := t.bodies[body-m.firstBody]
		j := job{outcome: o, body: body, world: bt.strained}
		if o.Wave != nil {
			j.world, j.wave = bt.first[o.Wave.Mode], o.Wave.Mode
		}
		if j.world >= 0 {
			jobs = append(jobs, j)
		}
	}
	// Institutions that share a witness world share its run.
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(a.world, b.world) })
	b := newBlock(m)
	for i, j := range jobs {
		if i == 0 || j.world != jobs[i-1].world {
			if err := ctx.Err(); err != nil {
				return err
			}
			b.trace = &trace{world: 1 << (j.world % worlds), first: map[int32]traced{}}
			b.run(source(uint64(j.world / worlds)))
		}
		w := witness{b: b, world: int(j.world % worlds)}
		j.outcome.Why = w.explain(j.body, j.world, j.wave, j.outcome.Wave != nil)
	}
	return nil
}

// witness reads one world of a block that was run with a trace.
type witness struct {
	b     *block
	world int
}

func (w *witness) explain(body int32, number int64, wave int, fractured bool) *Witness {
	out := &Witness{World: number, Wave: wave, Fractured: fractured}
	for _, sup := range Supports() {
		if f, ok := w.support(body, sup, fractured, 0); ok {
			out.Failed = append(out.Failed, f)
		}
	}
	slices.SortStableFunc(out.Failed, func(a, b FailedSupport) int { return cmp.Compare(a.Retained-a.Need, b.Retained-b.Need) })
	return out
}

func (w *witness) support(body int32, sup Support, fractured bool, depth int) (FailedSupport, bool) {
	sc := w.b.scored.of(body - w.b.m.firstBody)
	need := w.b.m.needs[sc.body][sup].need
	kept := sc.kept[sup][w.world]
	if sc.known[sup]>>w.world&1 == 0 || kept >= million || fractured && kept >= need {
		return FailedSupport{}, false
	}
	f := FailedSupport{Support: sup, Retained: float64(kept) / million, Need: float64(need) / million}
	causes := slices.DeleteFunc(w.causes(body, sup, depth), func(c Cause) bool { return c.Share <= 0 })
	slices.SortStableFunc(causes, func(a, b Cause) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(a.Lost.ID, b.Lost.ID))
	})
	if len(causes) > maxCauses {
		f.More = len(causes) - maxCauses
		causes = causes[:maxCauses]
	}
	f.Causes = causes
	return f, true
}

func (w *witness) is(mask uint64) bool { return mask>>w.world&1 == 1 }

// causes lists what a support lost. Shares are of the support as mix joins
// records and claims.
func (w *witness) causes(body int32, sup Support, depth int) []Cause {
	b := w.b
	sc := b.scored.of(body - b.m.firstBody)
	records := float64(sc.part[sup][w.world]) / million
	var out []Cause
	switch sup {
	case Staff, Command:
		out = w.staffCauses(body, sup, records)
		out = append(out, w.claimCauses(body, sup, 1-records, depth)...)
	case Force:
		out = w.forceCauses(body, depth)
	case Funding:
		out = w.fundingCauses(body)
	case Provision:
		out = w.provisionCauses(body, depth)
	}
	return out
}

func (w *witness) staffCauses(body int32, sup Support, records float64) []Cause {
	b := w.b
	type loss struct {
		weight float64
		person int32
		ties   []int32
	}
	var losses []loss
	total := 0.0
	for _, in := range b.s.In(graph.PostIn, body) {
		post := b.s.Tie(in).From
		weight := float64(b.s.Seat(post).Weight)
		if !w.is(b.exists(in)) || sup == Command && (!b.lines.part(b, post) || !w.is(b.lines.before[post-b.lines.g.first])) {
			continue
		}
		many := b.s.Seat(post).Seats > 1
		for n, h := range b.s.In(graph.Holds, post) {
			if !w.is(b.exists(h)) {
				continue
			}
			if many || n == 0 || !slices.ContainsFunc(b.s.In(graph.Holds, post)[:n], func(o int32) bool { return w.is(b.exists(o)) }) {
				total += weight
			}
			if person := b.s.Tie(h).From; w.is(b.lost[person]) && (many || !w.is(b.kept(post))) {
				losses = append(losses, loss{weight, person, []int32{h, in}})
			}
		}
		if i := post - b.lines.g.first; sup == Command && w.is(b.kept(post)&b.lines.before[i]&^b.lines.after[i]) {
			if person, ties, ok := w.cutOff(post); ok {
				losses = append(losses, loss{weight, person, append(ties, in)})
			}
		}
	}
	if records <= 0 {
		return nil
	}
	var out []Cause
	for _, l := range losses {
		out = append(out, Cause{Share: records * l.weight / total, Lost: refOf(b.s, l.person), Path: w.path(l.person, l.ties...)})
	}
	return out
}

// cutOff explains how a post that keeps its holder lost its line: the nearest
// superior on it whose holder is lost, with the ties from that holder to the
// post.
func (w *witness) cutOff(post int32) (person int32, ties []int32, ok bool) {
	type stop struct {
		post int32
		ties []int32 // from here down to the post
	}
	queue, seen := []stop{{post: post}}, map[int32]bool{post: true}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		lo, hi := w.b.s.Out(graph.ReportsTo, at.post)
		for t := lo; t < hi; t++ {
			up := w.b.s.Tie(t).To
			if seen[up] || !w.is(w.b.exists(t)) {
				continue
			}
			seen[up] = true
			down := append([]int32{t}, at.ties...)
			for _, h := range w.b.s.In(graph.Holds, up) {
				if lost := w.b.s.Tie(h).From; w.is(w.b.exists(h)&w.b.lost[lost]) && !w.is(w.b.kept(up)) {
					return lost, append([]int32{h}, down...), true
				}
			}
			queue = append(queue, stop{post: up, ties: down})
		}
	}
	return none, nil, false
}

func (w *witness) claimCauses(body int32, sup Support, claims float64, depth int) []Cause {
	b := w.b
	if claims <= 0 {
		return nil
	}
	var out []Cause
	for _, t := range b.s.In(graph.Controls, body) {
		tie := b.s.Tie(t)
		speaks := tie.Form == projection.DeFacto || tie.Form == projection.NoForm || (sup == Command) == (tie.Form == projection.Command)
		if speaks && w.is(b.leaves(t)) {
			out = append(out, Cause{Share: claims * float64(b.m.held(tie)) / million, Lost: refOf(b.s, tie.From), Path: w.path(tie.From, t)})
		}
	}
	if sup != Staff {
		return out
	}
	for _, t := range b.s.In(graph.Influences, body) {
		tie := b.s.Tie(t)
		gone := w.is(b.lost[tie.From] | b.rallied[tie.From] | b.broken[tie.From])
		if b.s.Kind(tie.From) == graph.Group {
			gone = w.is(b.leaves(t))
		}
		if gone && w.is(b.exists(t)) {
			out = append(out, Cause{Share: claims * float64(b.m.swayed(tie)) / million, Lost: refOf(b.s, tie.From), Path: w.bodyPath(tie.From, depth, t)})
		}
	}
	lo, hi := b.s.Out(graph.LoyalTo, body)
	for t := lo; t < hi; t++ {
		tie := b.s.Tie(t)
		if w.is(b.exists(t) & (b.lost[tie.To] | b.rallied[tie.To])) {
			out = append(out, Cause{Share: claims * float64(b.m.swayed(tie)) / million, Lost: refOf(b.s, tie.To), Path: w.path(tie.To, t)})
		}
	}
	return out
}

func (w *witness) forceCauses(body int32, depth int) []Cause {
	b := w.b
	total := 0.0
	var out []Cause
	for _, t := range b.s.In(graph.PartOf, body) {
		tie := b.s.Tie(t)
		unit := tie.From
		if tie.Class != projection.CommandClass || b.s.Kind(unit) != graph.Institution || b.s.Body(unit).Placeholder || !w.is(b.exists(t)) {
			continue
		}
		heads := float64(b.m.headcount[unit-b.m.firstBody])
		total += heads
		held := false
		for _, c := range b.s.In(graph.Controls, unit) {
			if w.is(b.leaves(c)) {
				held = true
				group := b.s.Tie(c).From
				out = append(out, Cause{Share: heads * float64(b.m.held(b.s.Tie(c))) / million, Lost: refOf(b.s, group), Path: w.path(group, c, t)})
			}
		}
		if !held && w.is(b.broken[unit]) {
			out = append(out, Cause{Share: heads, Lost: refOf(b.s, unit), Path: w.bodyPath(unit, depth, t)})
		}
	}
	for i := range out {
		out[i].Share /= total
	}
	return out
}

func (w *witness) fundingCauses(body int32) []Cause {
	b := w.b
	total := 0.0
	var out []Cause
	for _, t := range b.s.In(graph.Funds, body) {
		if !w.is(b.exists(t)) {
			continue
		}
		part := float64(portion(b.s.Tie(t)))
		total += part
		for _, c := range b.s.In(graph.Controls, b.s.Tie(t).From) {
			if w.is(b.leaves(c)) {
				group := b.s.Tie(c).From
				out = append(out, Cause{Share: part * float64(b.m.held(b.s.Tie(c))) / million, Lost: refOf(b.s, group), Path: w.path(group, c, t)})
			}
		}
	}
	for i := range out {
		out[i].Share /= total
	}
	return out
}

func (w *witness) provisionCauses(body int32, depth int) []Cause {
	b := w.b
	var out []Cause
	add := func(t int32, part float64) {
		provider := b.s.Tie(t).To
		if w.is(b.exists(t) & b.broken[provider]) {
			out = append(out, Cause{Share: part / million, Lost: refOf(b.s, provider), Path: w.bodyPath(provider, depth, t)})
		}
	}
	lo, hi := b.s.Out(graph.DependsOn, body)
	for t := lo; t < hi; t++ {
		add(t, float64(portion(b.s.Tie(t))))
	}
	parents := b.parents(body)
	for _, t := range parents {
		add(t, float64(share(b.m.p.ParentShare))/float64(len(parents)))
	}
	return out
}

// maxPath bounds how many institutions that broke one after another a path
// goes back through.
const maxPath = 6

// bodyPath leads to a person or group as path does, and to a broken
// institution through the heaviest cause of its own breaking.
func (w *witness) bodyPath(node int32, depth int, ties ...int32) []Step {
	if w.b.s.Kind(node) != graph.Institution {
		return w.path(node, ties...)
	}
	var before []Step
	if depth < maxPath {
		heaviest := -1.0
		for _, sup := range Supports() {
			f, ok := w.support(node, sup, true, depth+1)
			if ok && len(f.Causes) > 0 && f.Causes[0].Share > heaviest {
				heaviest, before = f.Causes[0].Share, f.Causes[0].Path
			}
		}
	}
	return append(slices.Clone(before), steps(w.b.s, node, ties)...)
}

// path leads from a target to the lost node by first causes, then along the
// ties.
func (w *witness) path(node int32, ties ...int32) []Step {
	var back []Step
	for at := node; ; {
		why, ok := w.b.trace.first[at]
		if !ok || why.tie == none {
			break
		}
		back = append(back, step(w.b.s, why.tie, why.from))
		at = why.from
		if w.b.s.Kind(at) == graph.Post {
			break // the post is the target
		}
	}
	slices.Reverse(back)
	return append(back, steps(w.b.s, node, ties)...)
}

// steps follows ties one after another from a node.
func steps(s *projection.Snapshot, from int32, ties []int32) []Step {
	var out []Step
	for _, t := range ties {
		out = append(out, step(s, t, from))
		tie := s.Tie(t)
		from = tie.From + tie.To - from
	}
	return out
}

// step follows a tie from one of its ends.
func step(s *projection.Snapshot, t, from int32) Step {
	tie := s.Tie(t)
	to := tie.From + tie.To - from
	return Step{
		Tie: s.TieID(t), Type: tie.Type, From: refOf(s, from), To: refOf(s, to), Along: tie.From == from,
		Confidence: rounded(float64(tie.Probability) / float64(projection.Certain)),
	}
}
