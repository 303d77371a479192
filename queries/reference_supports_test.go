package queries_test

import (
	"math/big"
	"slices"

	"entangle/graph"
)

// refShare is what records and claims say of a support.
type refShare struct {
	num, den *big.Rat // of the records; a den of 0: they say nothing
	coverage int64    // parts per million
	claims   int64    // retained by aggregate claims, parts per million
	said     bool     // some claim speaks
}

func noShare() *refShare {
	return &refShare{num: new(big.Rat), den: new(big.Rat), coverage: refMillion, claims: refMillion}
}

// mixed joins the two: records speak for the covered part, claims for the rest;
// one of them alone speaks for all. The fraction is rounded down once.
func (s *refShare) mixed() (kept, part int64, known bool) {
	recorded := s.den.Sign() > 0
	switch {
	case recorded && s.said:
		part = s.coverage
	case recorded:
		part = refMillion
	case !s.said:
		return 0, 0, false
	}
	v := big.NewRat((refMillion-part)*s.claims, refMillion)
	if recorded {
		records := new(big.Rat).Quo(s.num, s.den)
		v.Add(v, records.Mul(records, big.NewRat(part, 1)))
	}
	return new(big.Int).Quo(v.Num(), v.Denom()).Int64(), part, true
}

func (s *refShare) add(stays bool, weight *big.Rat) {
	s.den.Add(s.den, weight)
	if stays {
		s.num.Add(s.num, weight)
	}
}

// hold takes the share of a leaving holder off what claims leave.
func hold(retained, share int64) int64 { return retained - retained*share/refMillion }

func whole(n int64) *big.Rat { return big.NewRat(n, 1) }

// posts returns the posts that hold in a body, each once, however many claims
// say so; structural says whether to count posts whose claim may not hold.
func (w *refWorld) posts(body graph.ID, structural bool) []graph.ID {
	var posts []graph.ID
	for _, t := range w.ties[graph.PostIn] {
		if t.To == body && (structural || w.holds(t)) && !slices.Contains(posts, t.From) {
			posts = append(posts, t.From)
		}
	}
	return posts
}

// holders returns who holds a post, each person once.
func (w *refWorld) holders(post graph.ID, structural bool) []graph.ID {
	var persons []graph.ID
	for _, t := range w.ties[graph.Holds] {
		if t.To == post && (structural || w.holds(t)) && !slices.Contains(persons, t.From) {
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

// seats counts the leading posts on record, among the posts that count.
func (w *refWorld) seats(body graph.ID, counts func(post graph.ID) bool) int64 {
	n := 0
	for _, post := range w.posts(body, true) {
		holders := len(w.holders(post, true))
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
	s.coverage = min(refMillion, seats*refMillion/int64(leading))
	if s.coverage < ppm(w.p.MinCoverage) {
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
	for _, person := range w.holders(post, false) {
		anyone, anyoneStays = true, anyoneStays || !w.lost[person]
		if w.manySeats(post) && before {
			s.add(now && !w.lost[person], weight)
		}
	}
	if !w.manySeats(post) && anyone && before {
		s.add(now && anyoneStays, weight)
	}
}

// deputised adds what a deputy carries of a post whose holders are all lost: someone
// who stays in a post of the same body that reports to it.
func (w *refWorld) deputised(s *refShare, body, post graph.ID) {
	stays := func(person graph.ID) bool { return !w.lost[person] }
	holders := w.holders(post, false)
	if w.p.DeputyShare == 0 || w.manySeats(post) || len(holders) == 0 || slices.ContainsFunc(holders, stays) {
		return
	}
	for _, t := range w.of(graph.ReportsTo, to(post)) {
		if slices.Contains(w.posts(body, false), t.From) && slices.ContainsFunc(w.holders(t.From, false), stays) {
			carried := new(big.Rat).Mul(w.postWeight(post), big.NewRat(ppm(w.p.DeputyShare), refMillion))
			s.num.Add(s.num, whole(new(big.Int).Quo(carried.Num(), carried.Denom()).Int64()))
			return
		}
	}
}

func (w *refWorld) staff(n graph.Node) *refShare {
	s := noShare()
	for _, post := range w.posts(n.ID, false) {
		w.seated(s, post, true, true)
		w.deputised(s, n.ID, post)
	}
	w.control(s, n.ID, "staffing", "portfolio", "de_facto", "")
	w.sway(s, n.ID)
	w.cover(s, n, w.seats(n.ID, func(graph.ID) bool { return true }))
	return s
}

// held is the largest share by which leaving claims of one group hold a thing.
func (w *refWorld) held(thing graph.ID, speaks func(graph.Tie) bool) (shares map[graph.ID]int64, said bool) {
	shares = map[graph.ID]int64{}
	for _, t := range w.ties[graph.Controls] {
		if t.To != thing || !speaks(t) || !w.holds(t) {
			continue
		}
		said = true
		if w.leaves(t) {
			shares[t.From] = max(shares[t.From], w.weight(t, w.p.ControlShare))
		}
	}
	return shares, said
}

// inOrder takes the shares off one after another, by the holder's id.
func inOrder(retained int64, shares map[graph.ID]int64) int64 {
	var groups []graph.ID
	for g := range shares {
		groups = append(groups, g)
	}
	slices.Sort(groups)
	for _, g := range groups {
		retained = hold(retained, shares[g])
	}
	return retained
}

func (w *refWorld) control(s *refShare, body graph.ID, forms ...string) {
	shares, said := w.held(body, func(t graph.Tie) bool { return slices.Contains(forms, t.Props.Text("form")) })
	s.claims, s.said = inOrder(s.claims, shares), s.said || said
}

// sway: of parallel claims by one node the strongest counts.
func (w *refWorld) sway(s *refShare, body graph.ID) {
	shares := map[[2]graph.ID]int64{}
	var order [][2]graph.ID
	take := func(kind string, t graph.Tie, gone bool) {
		s.said = true
		if !gone {
			return
		}
		key := [2]graph.ID{graph.ID(kind), t.Other(body)}
		if _, ok := shares[key]; !ok {
			order = append(order, key)
		}
		weight := new(big.Rat).Mul(rat(t.Weight.Or(w.p.TieWeight)), rat(w.p.InfluenceShare))
		f, _ := weight.Float64()
		shares[key] = max(shares[key], ppm(f))
	}
	for _, t := range w.of(graph.Influences, to(body)) {
		switch w.kind(t.From) {
		case graph.Group:
			take("influence", t, w.leaves(t))
		case graph.Person:
			take("influence", t, w.lost[t.From])
		default:
			take("influence", t, w.isBroken(t.From))
		}
	}
	for _, t := range w.of(graph.LoyalTo, from(body)) {
		take("loyalty", t, w.lost[t.To] || w.struck[t.To] || w.rallied[t.To])
	}
	for _, key := range order {
		s.claims = hold(s.claims, shares[key])
	}
}

func (w *refWorld) command(n graph.Node) *refShare {
	s := noShare()
	before := w.lines(func(person graph.ID) bool { return true })
	now := w.lines(func(person graph.ID) bool { return !w.lost[person] })
	for _, post := range w.posts(n.ID, false) {
		w.seated(s, post, before[post], now[post])
	}
	w.control(s, n.ID, "command", "de_facto", "")
	w.cover(s, n, w.seats(n.ID, w.inLines))
	return s
}

// inLines says whether some claim puts the post into a line of command.
func (w *refWorld) inLines(post graph.ID) bool {
	return slices.ContainsFunc(w.ties[graph.ReportsTo], func(t graph.Tie) bool { return t.From == post || t.To == post })
}

// isApex: every post that can be reached upwards, over all claims, leads back.
func (w *refWorld) isApex(post graph.ID) bool {
	if apex, known := w.apex[post]; known {
		return apex
	}
	w.apex[post] = w.findApex(post)
	return w.apex[post]
}

func (w *refWorld) findApex(post graph.ID) bool {
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
		for _, t := range w.ties[graph.ReportsTo] {
			if t.From == seen[i] && !slices.Contains(seen, t.To) {
				seen = append(seen, t.To)
			}
		}
	}
	return seen
}

// lines returns the held posts from which some chain leads to an apex past at
// most bridge vacant posts in a row, found by walking from each post upwards.
func (w *refWorld) lines(stays func(person graph.ID) bool) map[graph.ID]bool {
	held := func(post graph.ID) bool {
		return slices.ContainsFunc(w.holders(post, false), stays)
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
		shares, _ := w.held(unit.ID, func(graph.Tie) bool { return true })
		kept := inOrder(refMillion, shares)
		if w.isBroken(unit.ID) {
			kept = 0
		}
		s.den.Add(s.den, whole(int64(heads)))
		s.num.Add(s.num, big.NewRat(int64(heads)*kept, refMillion))
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
		shares, _ := w.held(stream, func(graph.Tie) bool { return true })
		s.den.Add(s.den, whole(part))
		s.num.Add(s.num, big.NewRat(part*inOrder(refMillion, shares), refMillion))
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
	var all, parents []graph.ID
	for _, t := range w.ties[graph.PartOf] {
		if isParent(t) && !slices.Contains(all, t.To) {
			all = append(all, t.To)
		}
		if isParent(t) && w.holds(t) && !slices.Contains(parents, t.To) {
			parents = append(parents, t.To)
		}
	}
	for _, parent := range parents {
		s.add(!w.isBroken(parent), whole(ppm(w.p.ParentShare)/int64(len(all))))
	}
	if s.den.Sign() > 0 && s.den.Cmp(whole(refMillion)) < 0 {
		s.add(true, new(big.Rat).Sub(whole(refMillion), s.den))
	}
	return s
}
