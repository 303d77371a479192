package projection

import (
	"maps"
	"math"
	"slices"

	"entangle/graph"
)

// Until is a last day, the zero value none.
type Until struct {
	Day graph.Day
	Set bool
}

// UntilDay is the last day day.
func UntilDay(day graph.Day) Until { return Until{Day: day, Set: true} }

// Last returns the day, nil for none.
func (u Until) Last() *graph.Day {
	if !u.Set {
		return nil
	}
	return &u.Day
}

// source is what counts of a source: its date, and whether it describes the state of things
// at that date.
type source struct {
	date      graph.Date
	describes bool
}

// known is what a picture knows of a claim's time: its span without the observations that
// came too late, and the sources that it cites.
type known struct {
	span    graph.Span
	sources []source
}

// known cuts what came after Options.EvidenceUntil off a claim.
func (b *builder) known(t *graph.Tie) known {
	k := known{span: t.Span, sources: b.cited[:0]}
	until := b.s.options.EvidenceUntil
	for _, c := range t.Citations {
		s := b.sources[c.Source] // of one that is hidden or gone the date is not known
		if !until.Set || !after(s.date, until.Day) {
			k.sources = append(k.sources, s)
		}
	}
	b.cited = k.sources[:0]
	if until.Set {
		for _, seen := range []*graph.Date{&k.span.First, &k.span.Last} {
			if after(*seen, until.Day) {
				*seen = graph.Date{}
			}
		}
	}
	return k
}

// after says that a date is certainly later than a day.
func after(d graph.Date, day graph.Day) bool { return d.Known() && d.Earliest > day }

// heard says when a claim was made, seen from a day: later where all its sources are dated
// later. A source without a date counts by the first observation of the claim, and so does a
// claim without a source. Untimed: where neither is there, so that nobody can tell.
func (b *builder) heard(t *graph.Tie, day graph.Day) (later, untimed bool) {
	first := t.Span.First
	if !first.Known() || t.Span.Last.Known() && t.Span.Last.Earliest < first.Earliest {
		first = t.Span.Last
	}
	by := func(d graph.Date) (in bool) {
		if !d.Known() {
			d = first
		}
		untimed = untimed || !d.Known()
		return d.Known() && !after(d, day)
	}
	if len(t.Citations) == 0 && by(first) {
		return false, false
	}
	for _, c := range t.Citations {
		if by(b.sources[c.Source].date) {
			return false, false
		}
	}
	return !untimed, untimed
}

// ground says what the age of a claim is told by.
type ground uint8

const (
	byEvidence  ground = iota // its dates and observations, and sources that describe their day
	bySource                  // its oldest source
	ofNothing                 // nothing is dated
	ofStructure               // structure that nobody dated
)

// age returns how many days the nearest evidence of a claim is from the day of the picture.
// It is 0 where the claim certainly holds, and between the bounds of a stated start or end. A
// date that is known to the year or month is as near as its nearest day: the latest start, the
// earliest end.
//
// A source that describes the state of things at its date is an observation of that day. Of
// others only the oldest counts, where there is nothing else: what was written later may
// repeat what was written before.
func (b *builder) age(k known, structure bool) (days int64, on ground) {
	day := b.s.options.AsOf
	days, dated := nearestEvidence(k.span, day)
	bounds := k.span.Bounds()
	var oldest graph.Date
	for _, s := range k.sources {
		switch {
		case !s.date.Known():
			continue
		case !oldest.Known() || s.date.Latest < oldest.Latest:
			oldest = s.date
		}
		if s.describes && s.date.Latest >= bounds.StartEarliest && s.date.Earliest <= bounds.EndLatest {
			bounds.StartLatest, bounds.EndEarliest = min(bounds.StartLatest, s.date.Latest), max(bounds.EndEarliest, s.date.Earliest)
			if apart := apart(s.date, day); !dated || apart < days {
				days, dated = apart, true
			}
		}
	}
	switch {
	case structure && k.span.Undated():
		return 0, ofStructure
	case bounds.At(day) == graph.Certain:
		return 0, byEvidence
	case dated:
		return days, byEvidence
	case oldest.Known():
		return apart(oldest, day), bySource
	}
	return 0, ofNothing
}

// faded is what is left of a confidence after some days, of a half-life in days:
//
//	p · 2^(−days / half-life)
func faded(p float64, days int64, halfLife float64) float64 {
	if days == 0 {
		return p
	}
	return p * math.Exp2(-float64(days)/halfLife) // 0 of a half-life of 0, p of an endless one
}

// fade gives the claims the confidence that they have on the day, and drops those that are
// less sure then than was asked for, or hold in no world.
func (b *builder) fade(rows []row) []row {
	o := b.s.options
	if o.Gap.Mode != graph.Fading {
		return rows
	}
	halfLife := o.HalfLives.Lookup()
	types := b.postTypes(rows)
	kept := rows[:0]
	for _, r := range rows {
		p := r.confidence
		if r.days > 0 {
			p = faded(p, r.days, halfLife(r.Type, types[r.To])) // only HOLDS leads to a post and asks its types
			r.Probability = probability(p)
		}
		if p < o.MinConfidence || r.Probability == 0 {
			b.s.omitted++
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

// fadingCounts count the ties by how their age and their sources were told.
type fadingCounts struct{ faded, ageless, structural, later, untimed int }

func (s *Snapshot) count(t *Tie) {
	c := &s.fading
	if t.Probability < t.Stated {
		c.faded++
	}
	if t.Ageless {
		c.ageless++
	}
	if t.Structural {
		c.structural++
	}
	if t.Later {
		c.later++
	}
	if t.Untimed {
		c.untimed++
	}
}

// FadedTies returns how many ties have less than their stated confidence on the day.
func (s *Snapshot) FadedTies() int { return s.fading.faded }

// AgelessTies returns how many ties are possible on the day and have nothing to tell their
// age by: neither they nor a source of them has a date. They stand whole.
func (s *Snapshot) AgelessTies() int { return s.fading.ageless }

// StructuralTies returns how many ties are structure that nobody dated, which stands under
// every gap policy.
func (s *Snapshot) StructuralTies() int { return s.fading.structural }

// LaterTies returns how many ties rest on evidence later than the day alone.
func (s *Snapshot) LaterTies() int { return s.fading.later }

// UntimedTies returns how many ties nothing dates: no source with a date, no observation, so
// that nobody can tell whether they were known by Options.EvidenceUntil, or by the day where
// there is none.
func (s *Snapshot) UntimedTies() int { return s.fading.untimed }

// LateTies returns how many claims that may hold on the day Options.EvidenceUntil left out.
func (s *Snapshot) LateTies() int { return s.late }

// tooLate says that a claim was made after Options.EvidenceUntil.
func (b *builder) tooLate(t *graph.Tie) bool {
	until := b.s.options.EvidenceUntil
	if !until.Set {
		return false
	}
	later, _ := b.heard(t, until.Day)
	return later
}

// digestFading adds to the hash what the age of evidence changes. A picture in which nothing
// faded and nothing was left out for its date has the hash of its content alone.
func (s *Snapshot) digestFading(w *digester) {
	if until := s.options.EvidenceUntil; until.Set {
		w.text("until")
		w.num(int64(until.Day))
	}
	if s.options.Gap.Mode != graph.Fading {
		return
	}
	w.text("half-lives " + s.options.HalfLives.String())
	for i := range s.ties {
		if t := &s.ties[i]; t.Probability != t.Stated {
			w.num(int64(i), int64(t.Stated))
		}
	}
}

// postTypes are the types of posts: their own, then those of the institutions that they are
// in, in the order of the institutions.
func (b *builder) postTypes(rows []row) map[int32][]string {
	in := map[int32][]int32{}
	for i := range rows {
		if r := &rows[i]; r.Type == graph.PostIn {
			in[r.From] = append(in[r.From], r.To)
		}
	}
	return b.typesOfPosts(in)
}

// typesOfPosts gives the posts that are in institutions, or have types of their own, theirs.
func (b *builder) typesOfPosts(in map[int32][]int32) map[int32][]string {
	types := maps.Clone(b.posts)
	for post, bodies := range in {
		slices.Sort(bodies)
		list := slices.Clone(types[post])
		for _, body := range slices.Compact(bodies) {
			list = append(list, b.s.Types(body)...)
		}
		types[post] = list
	}
	return types
}
