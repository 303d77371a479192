package queries_test

import (
	"math/big"
	"slices"

	"entangle/graph"
)

// refShare is what records and claims say of a support.
type refShare struct {
	num, den *big.Rat // of the records; a den of 0: they say nothing
	coverage *big.Rat
	claims   *big.Rat // retained by aggregate claims
	said     bool     // some claim speaks
}

func noShare() *refShare {
	return &refShare{num: new(big.Rat), den: new(big.Rat), coverage: whole(1), claims: whole(1)}
}

// mixed joins the two: records speak for the covered part, claims for the rest;
// one of them alone speaks for all. The fraction is divided, and rounded down, once.
func (s *refShare) mixed() (kept, part int64, known bool) {
	recorded, records := s.den.Sign() > 0, new(big.Rat)
	switch {
	case recorded && s.said:
		records = s.coverage
	case recorded:
		records = whole(1)
	case !s.said:
		return 0, 0, false
	}
	v := new(big.Rat).Sub(whole(1), records)
	v.Mul(v, s.claims)
	if recorded {
		kept := new(big.Rat).Quo(s.num, s.den)
		v.Add(v, kept.Mul(kept, records))
	}
	return floorPPM(v), floorPPM(records), true
}

func floorPPM(r *big.Rat) int64 {
	r = new(big.Rat).Mul(r, whole(refMillion))
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

func (s *refShare) add(stays bool, weight *big.Rat) {
	s.den.Add(s.den, weight)
	if stays {
		s.num.Add(s.num, weight)
	}
}

// hold takes the share of a leaving holder off what claims leave.
func hold(retained, share *big.Rat) *big.Rat {
	return new(big.Rat).Mul(retained, new(big.Rat).Sub(whole(1), share))
}

func whole(n int64) *big.Rat { return big.NewRat(n, 1) }

// posts returns the posts that are in a body, each once, however many claims say so.
func (w *refWorld) posts(body graph.ID) []graph.ID {
	var posts []graph.ID
	for _, t := range w.ties[graph.PostIn] {
		if t.To == body && w.holds(t) && !slices.Contains(posts, t.From) {
			posts = append(posts, t.From)
		}
	}
	return posts
}

// holders returns who holds a post, each person once.
func (w *refWorld) holders(post graph.ID) []graph.ID {
	var persons []graph.ID
	for _, t := range w.ties[graph.Holds] {
		if t.To == post && w.holds(t) && !slices.Contains(persons, t.From) {
			persons = append(persons, t.From)
		}
	}
	return persons
}

func (w *refWorld) postWeight(post graph.ID) *big.Rat {
	weight := 1.0
	if v, ok := w.nodes[post].Props.Float("weight"); ok {
		weight = v
	}
	return whole(ppm(weight))
}

func (w *refWorld) manySeats(post graph.ID) bool {
	n, ok := w.nodes[post].Props.Int("seats")
	return ok && n > 1
}

// seats counts the posts of a body that somebody holds, among the posts that count.
func (w *refWorld) seats(body graph.ID, counts func(post graph.ID) bool) int64 {
	n := 0
	for _, post := range w.posts(body) {
		holders := len(w.holders(post))
		switch {
		case !counts(post) || holders == 0:
		case w.manySeats(post):
			n += holders
		default:
			n++
		}
	}
	return int64(n)
}

func (w *refWorld) cover(s *refShare, n graph.Node, seats int64) {
	leading, stated := n.Props.Int("authorisedPosts")
	if !stated || leading <= 0 {
		leading = refPrior(w.p.LeadingPosts, n.Types...)
	}
	s.coverage = big.NewRat(min(seats, int64(leading)), int64(leading))
	if s.coverage.Cmp(big.NewRat(ppm(w.p.MinCoverage), refMillion)) < 0 {
		s.num, s.den = new(big.Rat), new(big.Rat)
	}
}

func refPrior(table map[string]int, words ...string) int {
	for _, word := range words {
		if n, ok := table[word]; ok && word != "" {
			return n
		}
	}
	if n, ok := table[""]; ok {
		return n
	}
	return 1
}

// seated adds the seats of a post: one, or one for each holder where there are
// many like seats.
func (w *refWorld) seated(s *refShare, post graph.ID, before, now bool) {
	weight := w.postWeight(post)
	anyone, anyoneStays := false, false
	for _, person := range w.holders(post) {
		stays := w.holdsOn(person, post)
		anyone, anyoneStays = true, anyoneStays || stays
		if w.manySeats(post) && before {
			s.add(now && stays, weight)
		}
	}
	if !w.manySeats(post) && anyone && before {
		s.add(now && anyoneStays, weight)
	}
}

// ceased says that a post is in an institution that was disbanded.
func (w *refWorld) ceased(post graph.ID) bool {
	return len(w.of(graph.PostIn, func(t graph.Tie) bool { return t.From == post && w.gone[t.To] })) > 0
}

// deputised adds what a deputy carries of a post whose holders are all lost: someone
// who stays in a post of the same body that reports to it.
func (w *refWorld) deputised(s *refShare, body, post graph.ID) {
	stays := func(post graph.ID) bool {
		return slices.ContainsFunc(w.holders(post), func(person graph.ID) bool { return w.holdsOn(person, post) })
	}
	if w.p.DeputyShare == 0 || w.manySeats(post) || len(w.holders(post)) == 0 || stays(post) {
		return
	}
	for _, t := range w.of(graph.ReportsTo, to(post)) {
		if slices.Contains(w.posts(body), t.From) && stays(t.From) {
			carried := new(big.Rat).Mul(w.postWeight(post), big.NewRat(ppm(w.p.DeputyShare), refMillion))
			s.num.Add(s.num, carried)
			return
		}
	}
}

func (w *refWorld) staff(n graph.Node) *refShare {
	s := noShare()
	for _, post := range w.posts(n.ID) {
		w.seated(s, post, true, true)
		w.deputised(s, n.ID, post)
	}
	taken := map[graph.ID]*big.Rat{}
	w.control(s, taken, n.ID, "staffing", "portfolio", "de_facto", "")
	w.sway(s, taken, n.ID)
	s.claims = afterAll(taken)
	w.cover(s, n, w.seats(n.ID, func(graph.ID) bool { return true }))
	return s
}

// control notes the largest share by which each leaving group holds a body, by claims of
// the forms that speak.
func (w *refWorld) control(s *refShare, taken map[graph.ID]*big.Rat, body graph.ID, forms ...string) {
	for _, t := range w.of(graph.Controls, to(body)) {
		if !slices.Contains(forms, t.Props.Text("form")) {
			continue
		}
		s.said = true
		if w.leaves(t) {
			largest(taken, t.From, big.NewRat(w.weight(t, w.p.ControlShare), refMillion))
		}
	}
}

// largest keeps the larger of two shares of one holder: several claims of one holder,
// of whatever type, count once.
func largest(taken map[graph.ID]*big.Rat, holder graph.ID, share *big.Rat) {
	if was := taken[holder]; was == nil || was.Cmp(share) < 0 {
		taken[holder] = share
	}
}

// afterAll is what stays when the holders take their shares.
func afterAll(taken map[graph.ID]*big.Rat) *big.Rat {
	stays := whole(1)
	for _, share := range taken {
		stays = hold(stays, share)
	}
	return stays
}

// held is what stays of a unit or stream when leaving groups take what they hold of it.
func (w *refWorld) held(thing graph.ID) *big.Rat {
	taken := map[graph.ID]*big.Rat{}
	for _, t := range w.of(graph.Controls, to(thing)) {
		if w.leaves(t) && !w.diverts(t) {
			largest(taken, t.From, big.NewRat(w.weight(t, w.p.ControlShare), refMillion))
		}
	}
	return afterAll(taken)
}

func (w *refWorld) diverts(t graph.Tie) bool {
	return t.Props.Text("form") == "diverts" && w.kind(t.To) == graph.RevenueStream
}

// arrives is what nobody diverts of a part of a stream, in millionths of a millionth.
func (w *refWorld) arrives(stream graph.ID, part int64) *big.Rat {
	taken := map[graph.ID]*big.Rat{}
	for _, t := range w.of(graph.Controls, to(stream)) {
		if w.diverts(t) {
			largest(taken, t.From, big.NewRat(w.weight(t, w.p.ControlShare), refMillion))
		}
	}
	left := afterAll(taken)
	left.Mul(left, whole(part*refMillion))
	return new(big.Rat).SetInt(new(big.Int).Quo(left.Num(), left.Denom()))
}

// sway notes what leaders take of a body by influence, and by its loyalty.
func (w *refWorld) sway(s *refShare, taken map[graph.ID]*big.Rat, body graph.ID) {
	take := func(t graph.Tie, gone bool) {
		s.said = true
		if gone {
			share := big.NewRat(w.weight(t, w.p.TieWeight), refMillion)
			largest(taken, t.Other(body), share.Mul(share, big.NewRat(ppm(w.p.InfluenceShare), refMillion)))
		}
	}
	for _, t := range w.of(graph.Influences, to(body)) {
		switch w.kind(t.From) {
		case graph.Group:
			take(t, w.leaves(t))
		case graph.Person:
			take(t, w.lost[t.From])
		default:
			take(t, w.isBroken(t.From))
		}
	}
	for _, t := range w.of(graph.LoyalTo, from(body)) {
		take(t, w.lost[t.To] || w.struck[t.To] || w.takes(t.To, body) || w.rallied[t.To])
	}
}

func (w *refWorld) command(n graph.Node) *refShare {
	s := noShare()
	before := w.lines(func(_, _ graph.ID) bool { return true })
	now := w.lines(w.holdsOn)
	for _, post := range w.posts(n.ID) {
		w.seated(s, post, before[post], now[post])
	}
	taken := map[graph.ID]*big.Rat{}
	w.control(s, taken, n.ID, "command", "de_facto", "")
	s.claims = afterAll(taken)
	w.cover(s, n, w.seats(n.ID, w.inLines))
	return s
}

// inLines says whether some claim that holds puts the post into a line of command.
func (w *refWorld) inLines(post graph.ID) bool { return len(w.of(graph.ReportsTo, at(post))) > 0 }

// isApex: every post that can be reached upwards leads back.
func (w *refWorld) isApex(post graph.ID) bool {
	for _, up := range w.upwards(post) {
		if !slices.Contains(w.upwards(up), post) {
			return false
		}
	}
	return w.inLines(post)
}

func (w *refWorld) upwards(post graph.ID) []graph.ID {
	seen := []graph.ID{post}
	for i := 0; i < len(seen); i++ {
		for _, t := range w.of(graph.ReportsTo, from(seen[i])) {
			if !slices.Contains(seen, t.To) {
				seen = append(seen, t.To)
			}
		}
	}
	return seen
}

// lines returns the held posts from which some chain leads to an apex past at
// most bridge vacant posts in a row, found by walking from each post upwards.
func (w *refWorld) lines(stays func(person, post graph.ID) bool) map[graph.ID]bool {
	held := func(post graph.ID) bool {
		return slices.ContainsFunc(w.holders(post), func(person graph.ID) bool { return stays(person, post) })
	}
	type place struct {
		post   graph.ID
		vacant int
	}
	reaches := func(start graph.ID) bool {
		seen := []place{{start, 0}}
		for i := 0; i < len(seen); i++ {
			if w.isApex(seen[i].post) {
				return true
			}
			for _, t := range w.of(graph.ReportsTo, from(seen[i].post)) {
				next := place{t.To, 0}
				if !held(t.To) {
					next.vacant = seen[i].vacant + 1
				}
				if next.vacant <= w.p.Bridge && !slices.Contains(seen, next) {
					seen = append(seen, next)
				}
			}
		}
		return false
	}
	out := map[graph.ID]bool{}
	for id, n := range w.nodes {
		if n.Kind == graph.Post && w.inLines(id) && held(id) {
			out[id] = reaches(id)
		}
	}
	return out
}

func (w *refWorld) force(n graph.Node) *refShare {
	s := noShare()
	var units []graph.ID
	for _, t := range w.of(graph.PartOf, to(n.ID)) {
		unit := w.nodes[t.From]
		if t.Props.Text("class") != "command" || unit.Kind != graph.Institution || unit.Props.Bool("placeholder") || slices.Contains(units, unit.ID) {
			continue
		}
		units = append(units, unit.ID)
		heads, stated := unit.Props.Int("strength")
		if !stated {
			heads = refPrior(w.p.Headcount, append([]string{unit.Props.Text("echelon")}, unit.Types...)...)
		}
		kept := w.held(unit.ID)
		if w.isBroken(unit.ID) {
			kept = whole(0)
		}
		s.den.Add(s.den, whole(int64(heads)))
		s.num.Add(s.num, kept.Mul(kept, whole(int64(heads))))
	}
	return s
}

func (w *refWorld) funding(n graph.Node) *refShare {
	s := noShare()
	parts := map[graph.ID]int64{}
	for _, t := range w.of(graph.Funds, to(n.ID)) {
		parts[t.From] = max(parts[t.From], w.weight(t, 1))
	}
	for stream, part := range parts {
		kept := w.held(stream)
		if w.cut[stream] {
			kept = whole(0)
		}
		arrives := w.arrives(stream, part)
		s.den.Add(s.den, arrives)
		s.num.Add(s.num, kept.Mul(kept, arrives))
	}
	return s
}

func (w *refWorld) provision(n graph.Node) *refShare {
	s := noShare()
	parts := map[graph.ID]int64{}
	for _, t := range w.of(graph.DependsOn, from(n.ID)) {
		parts[t.To] = max(parts[t.To], w.weight(t, 1))
	}
	for provider, part := range parts {
		s.add(!w.isBroken(provider), whole(part))
	}
	isParent := func(t graph.Tie) bool {
		return t.From == n.ID && w.kind(t.To) == graph.Institution && t.Props.Text("class") != "informal"
	}
	var parents []graph.ID
	for _, t := range w.ties[graph.PartOf] {
		if isParent(t) && w.holds(t) && !slices.Contains(parents, t.To) {
			parents = append(parents, t.To)
		}
	}
	for _, parent := range parents {
		s.add(!w.isBroken(parent), big.NewRat(ppm(w.p.ParentShare), int64(len(parents))))
	}
	if s.den.Sign() > 0 && s.den.Cmp(whole(refMillion)) < 0 {
		s.add(true, new(big.Rat).Sub(whole(refMillion), s.den))
	}
	return s
}
