package queries_test

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"entangle/graph"
	"entangle/queries/worlds"
)

// The reference decides one world at a time, with maps, whole numbers and
// fractions: the rules of the model once more, written to be read and not to be
// fast. It shares no code with the kernel and reads the batch, not a snapshot.

// refCoin says whether an event with the given chance happens in the world at
// hand. Equal keys are the same event.
type refCoin func(key string, chance float64) bool

// refFate is what befell one institution in one world.
type refFate struct {
	class string // INTACT, STRAINED, FRACTURED or COLLAPSED
	wave  int    // in which it fractured, −1 never
	kept  map[worlds.Support]int64
	parts map[worlds.Support]int64
	below map[worlds.Support]bool
}

// refGraph is what all worlds share.
type refGraph struct {
	nodes map[graph.ID]graph.Node
	ties  map[graph.TieType][]graph.Tie // sorted by the kinds and ids of their ends
	sets  map[string][]graph.Tie        // of alternatives
}

func newRefGraph(b graph.Batch) *refGraph {
	g := &refGraph{nodes: map[graph.ID]graph.Node{}, ties: map[graph.TieType][]graph.Tie{}, sets: map[string][]graph.Tie{}}
	for _, n := range b.Nodes {
		g.nodes[n.ID] = n
	}
	ties := slices.Clone(b.Normal().Ties)
	slices.SortFunc(ties, func(x, y graph.Tie) int {
		return cmp.Or(cmp.Compare(x.Type, y.Type), g.rank(x.From, y.From), g.rank(x.To, y.To), cmp.Compare(x.ID, y.ID))
	})
	for _, t := range ties {
		if t.Confidence.Value == 0 {
			continue // in no picture
		}
		g.ties[t.Type] = append(g.ties[t.Type], t)
		if t.ConflictSet != "" {
			g.sets[t.ConflictSet] = append(g.sets[t.ConflictSet], t)
		}
	}
	return g
}

// rank orders nodes by kind and id.
func (g *refGraph) rank(a, b graph.ID) int {
	return cmp.Or(cmp.Compare(g.nodes[a].Kind, g.nodes[b].Kind), cmp.Compare(a, b))
}

type refWorld struct {
	*refGraph
	p       worlds.Params
	coin    refCoin
	drawn   map[string]graph.ID // by set of alternatives: the claim that holds
	struck  map[graph.ID]bool
	cut     map[graph.ID]bool // streams
	gone    map[graph.ID]bool // institutions that were disbanded
	within  map[graph.ID]bool // groups struck within limits
	scope   map[graph.ID]bool // institutions to which that is limited
	rallied map[graph.ID]bool
	sided   map[graph.ID]bool // with the state
	lost    map[graph.ID]bool
	broken  map[graph.ID]int // wave in which it fractured
	fates   map[graph.ID]refFate
	open    bool
	// circling: sides never settle; always: what fractures whatever they are.
	circling bool
	always   map[graph.ID]int
}

const refMillion = 1_000_000

// refRun simulates one world: again and again while groups change sides, until they
// do not. Where they would come back to sides they had before, or do not settle in 16
// rounds, it has the worst of the next 16 states.
func refRun(g *refGraph, targets []graph.ID, p worlds.Params, coin refCoin) *refWorld {
	w := refPlay(g, targets, p, coin, nil)
	if p.Switchover == 0 || !p.Rally {
		return w
	}
	past := []map[graph.ID]bool{{}}
	for round := 0; ; round++ {
		next := w.sides()
		if maps.Equal(next, past[len(past)-1]) {
			return w
		}
		if round == 16 || slices.ContainsFunc(past, func(was map[graph.ID]bool) bool { return maps.Equal(was, next) }) {
			break
		}
		past = append(past, next)
		w = refPlay(g, targets, p, coin, next)
	}
	worst := (*refWorld)(nil)
	for range 16 {
		w = refPlay(g, targets, p, coin, w.sides())
		if worst == nil {
			worst = w
			worst.always = maps.Clone(w.broken)
		} else {
			worst = worst.worse(w)
		}
	}
	worst.open, worst.circling = true, true
	return worst
}

// worse joins two states of a world: what is lost in either, kept in both.
func (w *refWorld) worse(o *refWorld) *refWorld {
	out := *w
	out.struck, out.rallied, out.lost = joined(w.struck, o.struck), joined(w.rallied, o.rallied), joined(w.lost, o.lost)
	out.broken, out.fates, out.always = maps.Clone(w.broken), maps.Clone(w.fates), maps.Clone(w.always)
	for id, wave := range o.broken {
		if was, ok := out.broken[id]; !ok || wave < was {
			out.broken[id] = wave
		}
	}
	maps.DeleteFunc(out.always, func(id graph.ID, _ int) bool { _, ok := o.broken[id]; return !ok })
	order := []string{"INTACT", "STRAINED", "FRACTURED", "COLLAPSED"}
	for id, f := range o.fates {
		was := w.fates[id]
		f.kept, f.below = maps.Clone(f.kept), maps.Clone(f.below)
		for s, kept := range was.kept {
			f.kept[s] = min(f.kept[s], kept)
		}
		for s := range was.below {
			f.below[s] = true
		}
		if slices.Index(order, was.class) > slices.Index(order, f.class) {
			f.class = was.class
		}
		f.wave = -1
		if wave, ok := out.broken[id]; ok {
			f.wave = wave
		}
		out.fates[id] = f
	}
	return &out
}

func joined(a, b map[graph.ID]bool) map[graph.ID]bool {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// sides returns the groups that side with the state: rivals of those struck or
// rallied.
func (w *refWorld) sides() map[graph.ID]bool {
	out := map[graph.ID]bool{}
	for _, t := range w.of(graph.RivalOf, func(graph.Tie) bool { return true }) {
		for _, leader := range []graph.ID{t.From, t.To} {
			rival, direction := t.Other(leader), " back"
			if rival == t.To {
				direction = " forth"
			}
			if (w.struck[leader] || w.within[leader] || w.rallied[leader]) && w.toss("switch "+string(t.ID)+direction, w.p.Switchover*t.Weight.Or(w.p.TieWeight)) {
				out[rival] = true
			}
		}
	}
	return out
}

func refPlay(g *refGraph, targets []graph.ID, p worlds.Params, coin refCoin, sided map[graph.ID]bool) *refWorld {
	w := &refWorld{
		refGraph: g, p: p, coin: coin, drawn: map[string]graph.ID{}, sided: sided,
		struck: map[graph.ID]bool{}, cut: map[graph.ID]bool{}, gone: map[graph.ID]bool{}, within: map[graph.ID]bool{}, scope: map[graph.ID]bool{}, rallied: map[graph.ID]bool{}, lost: map[graph.ID]bool{}, broken: map[graph.ID]int{},
	}
	news := w.strike(targets)
	fallen := w.judge(0)
	for wave := 1; len(news)+fallen > 0; wave++ {
		if wave > p.MaxWaves {
			w.open = w.unfinished(news, wave == 1)
			break
		}
		news = w.respond(news, wave == 1)
		fallen = w.judge(wave)
	}
	return w
}

// unfinished says whether a further wave would change something.
func (w *refWorld) unfinished(news map[graph.ID]bool, first bool) bool {
	more := *w
	more.rallied, more.lost, more.broken = maps.Clone(w.rallied), maps.Clone(w.lost), maps.Clone(w.broken)
	if len(more.respond(news, first)) > 0 {
		return true
	}
	more.judge(0)
	return !maps.EqualFunc(more.fates, w.fates, func(a, b refFate) bool { return maps.Equal(a.kept, b.kept) })
}

// holds says whether a claim is true in this world.
func (w *refWorld) holds(t graph.Tie) bool {
	if t.ConflictSet == "" {
		return w.toss("exists "+string(t.ID), t.Confidence.Value)
	}
	set, sum := w.sets[t.ConflictSet], new(big.Rat)
	for _, o := range set {
		sum.Add(sum, rat(o.Confidence.Value))
	}
	if len(set) == 1 {
		return w.toss("exists "+string(t.ID), t.Confidence.Value)
	}
	if _, done := w.drawn[t.ConflictSet]; !done {
		w.drawn[t.ConflictSet] = ""
		left := big.NewRat(1, 1)
		if sum.Cmp(left) > 0 {
			left = sum // scaled to one: the chances keep their proportions
		}
		left = new(big.Rat).Set(left)
		for _, o := range set {
			if left.Sign() <= 0 {
				break
			}
			chance, _ := new(big.Rat).Quo(rat(o.Confidence.Value), left).Float64()
			if w.toss("exists "+string(o.ID), chance) {
				w.drawn[t.ConflictSet] = o.ID
				break
			}
			left.Sub(left, rat(o.Confidence.Value))
		}
	}
	return w.drawn[t.ConflictSet] == t.ID
}

func rat(f float64) *big.Rat { return new(big.Rat).SetFloat64(f) }

func (w *refWorld) toss(key string, chance float64) bool {
	switch chance {
	case 0:
		return false
	case 1:
		return true
	}
	return w.coin(key, chance)
}

// of returns the ties of a type that hold.
func (w *refWorld) of(typ graph.TieType, fits func(graph.Tie) bool) []graph.Tie {
	var out []graph.Tie
	for _, t := range w.ties[typ] {
		if fits(t) && w.holds(t) {
			out = append(out, t)
		}
	}
	return out
}

func from(id graph.ID) func(graph.Tie) bool { return func(t graph.Tie) bool { return t.From == id } }
func to(id graph.ID) func(graph.Tie) bool   { return func(t graph.Tie) bool { return t.To == id } }
func at(id graph.ID) func(graph.Tie) bool {
	return func(t graph.Tie) bool { return t.From == id || t.To == id }
}

func (w *refWorld) kind(id graph.ID) graph.Kind { return w.nodes[id].Kind }

// weight is a tie's weight in parts per million.
func (w *refWorld) weight(t graph.Tie, otherwise float64) int64 {
	return ppm(t.Weight.Or(otherwise))
}

// ppm is a share in parts per million, rounded half up.
func ppm(f float64) int64 {
	if f == 1 {
		return refMillion
	}
	n := new(big.Rat).Mul(rat(f), big.NewRat(refMillion, 1))
	n.Add(n, big.NewRat(1, 2))
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64()
}

// strike is wave 0; it returns the nodes that changed.
func (w *refWorld) strike(targets []graph.ID) map[graph.ID]bool {
	for _, id := range targets {
		switch w.kind(id) {
		case graph.Group:
			if w.limited() {
				w.within[id] = true
			} else {
				w.struck[id] = true
			}
		case graph.Person:
			w.lost[id] = true
			if w.p.Associates {
				for _, t := range w.of(graph.AssociateOf, at(id)) {
					w.lost[t.Other(id)] = true
				}
			}
		case graph.RevenueStream:
			w.cut[id] = true
		case graph.Institution:
			w.gone[id] = true
			if w.p.Enrolled {
				for _, t := range w.of(graph.PartOf, to(id)) {
					if w.kind(t.From) == graph.Group {
						w.struck[t.From] = true
					}
				}
			}
		default:
			for _, t := range w.of(graph.Holds, to(id)) {
				w.lost[t.From] = true
			}
		}
	}
	for again := true; again; {
		again = false
		for typ, asked := range map[graph.TieType]bool{graph.PartOf: w.p.SubGroups, graph.WingOf: w.p.Wings} {
			if !asked {
				continue
			}
			for _, t := range w.of(typ, func(t graph.Tie) bool { return w.struck[t.To] && !w.struck[t.From] }) {
				w.struck[t.From] = true
				again = true
			}
			for _, t := range w.of(typ, func(t graph.Tie) bool { return w.within[t.To] && !w.within[t.From] }) {
				w.within[t.From] = true
				again = true
			}
		}
	}
	for _, id := range w.p.Within {
		w.scope[id] = true
	}
	for again := true; again; {
		again = false
		part := func(t graph.Tie) bool {
			return w.scope[t.To] && !w.scope[t.From] && w.kind(t.From) == graph.Institution && t.Props.Text("class") != "informal"
		}
		for _, t := range w.of(graph.PartOf, part) {
			w.scope[t.From] = true
			again = true
		}
	}
	for _, t := range w.of(graph.MemberOf, func(t graph.Tie) bool { return w.struck[t.To] }) {
		w.lost[t.From] = true
	}
	if w.p.Followers {
		for _, t := range w.of(graph.LoyalTo, func(t graph.Tie) bool { return w.struck[t.To] && w.kind(t.From) == graph.Person }) {
			w.lost[t.From] = true
		}
	}
	news := map[graph.ID]bool{}
	for _, set := range []map[graph.ID]bool{w.struck, w.lost, w.cut, w.gone, w.within} {
		for id := range set {
			news[id] = true
		}
	}
	return news
}

// respond is one later wave. In the first a group that was struck within limits provokes as one
// that was struck whole.
func (w *refWorld) respond(news map[graph.ID]bool, first bool) map[graph.ID]bool {
	rallied, lost := map[graph.ID]bool{}, map[graph.ID]bool{}
	var ties []graph.Tie
	for _, typ := range []graph.TieType{graph.AlliedWith, graph.MemberOf, graph.LoyalTo, graph.KinOf, graph.AssociateOf} {
		ties = append(ties, w.ties[typ]...)
	}
	for _, t := range w.ties[graph.Controls] {
		if w.p.Rally && news[t.To] && w.cut[t.To] && w.kind(t.From) == graph.Group && !w.struck[t.From] && !w.rallied[t.From] && !w.sided[t.From] &&
			w.holds(t) && w.toss("provoked "+string(t.ID), w.p.CutProvokes*t.Weight.Or(w.p.ControlShare)) {
			rallied[t.From] = true
		}
	}
	for _, t := range ties {
		for _, leader := range []graph.ID{t.From, t.To} {
			if !news[leader] {
				continue
			}
			follower := t.Other(leader)
			direction := " back"
			if follower == t.To {
				direction = " forth"
			}
			switch t.Type {
			case graph.AlliedWith:
				if w.p.Rally && !w.struck[follower] && !w.rallied[follower] && !w.sided[follower] && w.holds(t) &&
					w.toss("rally "+string(t.ID)+direction, w.p.Solidarity*t.Weight.Or(w.p.TieWeight)) {
					rallied[follower] = true
				}
			case graph.MemberOf:
				if leader == t.To && w.rallied[leader] && w.holds(t) && w.walks(t) {
					lost[follower] = true
				}
			case graph.LoyalTo:
				if !w.p.Defection || leader != t.To || w.kind(leader) == graph.Group && !w.struck[leader] && !(w.within[leader] && first) ||
					w.kind(follower) == graph.Institution || !w.holds(t) || !w.defects(t, direction) {
					continue
				}
				if w.kind(follower) == graph.Person {
					lost[follower] = true
				} else if !w.struck[follower] && !w.sided[follower] {
					rallied[follower] = true
				}
			case graph.KinOf, graph.AssociateOf:
				if w.p.Defection && w.holds(t) && w.defects(t, direction) {
					lost[follower] = true
				}
			default:
			}
		}
	}
	changed := map[graph.ID]bool{}
	for id := range rallied {
		changed[id] = changed[id] || !w.rallied[id]
		w.rallied[id] = true
	}
	for id := range lost {
		changed[id] = changed[id] || !w.lost[id]
		w.lost[id] = true
	}
	for id, isNew := range changed {
		if !isNew {
			delete(changed, id)
		}
	}
	return changed
}

func (w *refWorld) walks(t graph.Tie) bool { return w.toss("walkout "+string(t.ID), w.p.Walkout) }

func (w *refWorld) defects(t graph.Tie, direction string) bool {
	return w.toss("defect "+string(t.ID)+direction, w.p.Loyalty*t.Weight.Or(w.p.TieWeight))
}

// leaves says whether what a group holds by the tie, which exists, goes with it.
func (w *refWorld) leaves(t graph.Tie) bool {
	return w.struck[t.From] || w.takes(t.From, t.To) || w.rallied[t.From] && w.walks(t)
}

// limited says that groups are struck within limits.
func (w *refWorld) limited() bool { return len(w.p.Within) > 0 || w.p.FromWeight > 0 }

// takes says that a strike within limits takes what a group holds.
func (w *refWorld) takes(group, held graph.ID) bool {
	return w.within[group] && (len(w.p.Within) == 0 || w.scope[held])
}

// expelled says that a strike within limits takes a post from a person.
func (w *refWorld) expelled(person, post graph.ID) bool {
	belongs := func(t graph.Tie) bool { return t.From == person && w.within[t.To] }
	member := len(w.of(graph.MemberOf, belongs)) > 0 || w.p.Followers && len(w.of(graph.LoyalTo, belongs)) > 0
	in := len(w.p.Within) == 0 || len(w.of(graph.PostIn, func(t graph.Tie) bool { return t.From == post && w.scope[t.To] })) > 0
	return member && in && w.limited() && w.postWeight(post).Cmp(whole(ppm(w.p.FromWeight))) >= 0
}

// holdsOn says that a person keeps a post.
func (w *refWorld) holdsOn(person, post graph.ID) bool {
	return !w.lost[person] && !w.ceased(post) && !w.expelled(person, post)
}

// judge looks at every institution; those that fracture are broken for the
// waves that follow. It returns how many did.
func (w *refWorld) judge(wave int) int {
	var fallen []graph.ID
	w.fates = map[graph.ID]refFate{}
	for id, n := range w.nodes {
		if n.Kind != graph.Institution || n.Props.Bool("placeholder") || w.gone[id] {
			continue
		}
		f := w.fate(id)
		if _, before := w.broken[id]; !before && (f.class == "FRACTURED" || f.class == "COLLAPSED") {
			fallen = append(fallen, id)
			f.wave = wave
		}
		w.fates[id] = f
	}
	for _, id := range fallen {
		w.broken[id] = wave
	}
	return len(fallen)
}

func (w *refWorld) isBroken(id graph.ID) bool {
	_, broken := w.broken[id]
	return broken && w.p.Contagion || w.gone[id]
}

// fate classifies an institution as things stand.
func (w *refWorld) fate(id graph.ID) refFate {
	f := refFate{class: "INTACT", wave: -1, kept: map[worlds.Support]int64{}, parts: map[worlds.Support]int64{}, below: map[worlds.Support]bool{}}
	n := w.nodes[id]
	if wave, broken := w.broken[id]; broken {
		f.wave = wave
	}
	under, floored, strained := 0, false, false
	for s, weigh := range map[worlds.Support]func(graph.Node) *refShare{
		worlds.Staff: w.staff, worlds.Command: w.command, worlds.Force: w.force, worlds.Funding: w.funding, worlds.Provision: w.provision,
	} {
		kept, part, known := weigh(n).mixed()
		if !known {
			continue
		}
		f.kept[s], f.parts[s] = kept, part
		need := w.requirement(n, s)
		strained = strained || kept < refMillion
		floored = floored || kept < ppm(need.Floor)
		if kept < ppm(need.Need) {
			under++
			f.below[s] = true
		}
	}
	switch {
	case under >= 2 || floored:
		f.class = "COLLAPSED"
	case under == 1:
		f.class = "FRACTURED"
	case strained:
		f.class = "STRAINED"
	}
	return f
}

func (w *refWorld) requirement(n graph.Node, s worlds.Support) worlds.Requirement {
	if q, ok := w.p.Requirements.ByInstitution[n.ID][s]; ok {
		return q
	}
	for _, typ := range n.Types {
		if q, ok := w.p.Requirements.ByType[typ][s]; ok {
			return q
		}
	}
	return w.p.Requirements.Default[s]
}
