package projection

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"hash/fnv"
	"iter"
	"math"
	"slices"

	"entangle/graph"
)

// Million is the unit of shares and weights: parts per million.
const Million = 1_000_000

// Source is what Build reads: a graph.Reader or a batch.
type Source interface {
	Version() graph.Version
	Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error]
	Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error]
}

// ErrMoved is graph.ErrMoved: a picture would be of no one state of the data.
var ErrMoved = graph.ErrMoved

// Build takes the picture of what a reader sees. Equal content gives an equal
// snapshot whatever the order of the reader. It fails with ErrMoved where the
// reader has moved (graph.Isolated). A cancelled context ends it with ctx.Err().
func Build(ctx context.Context, r Source, opts Options) (*Snapshot, error) {
	b := builder{s: &Snapshot{version: r.Version(), options: opts.normal(), types: map[int32][]string{}, tenures: map[int32]Tenure{}}}
	if err := b.nodes(ctx, r); err != nil {
		return nil, err
	}
	if err := b.ties(ctx, r); err != nil {
		return nil, err
	}
	if b.s.options.Tenures {
		if err := b.tenures(ctx, r); err != nil {
			return nil, err
		}
	}
	if graph.Moved(r) {
		return nil, ErrMoved
	}
	b.index()
	b.digest()
	return b.s, nil
}

type builder struct {
	s       *Snapshot
	byID    map[graph.ID]int32
	sources map[graph.ID]source // those with a date
	posts   map[int32][]string  // the types of posts that have some of their own
	cited   []source            // used again for each claim
}

func (b *builder) nodes(ctx context.Context, r Source) error {
	var all []graph.Node
	for n, err := range r.Nodes(ctx, graph.NodeQuery{}) {
		if err != nil {
			return err
		}
		all = append(all, graph.Node{ID: n.ID, Kind: n.Kind, Names: n.Names[:1], Types: n.Types, Props: n.Props})
	}
	slices.SortFunc(all, func(a, c graph.Node) int {
		return cmp.Or(cmp.Compare(a.Kind, c.Kind), cmp.Compare(a.ID, c.ID))
	})
	s := b.s
	s.ids = make([]graph.ID, len(all))
	s.names = make([]string, len(all))
	b.byID = make(map[graph.ID]int32, len(all))
	b.sources, b.posts = map[graph.ID]source{}, map[int32][]string{}
	b.s.absent = map[int32]Absence{}
	counts := [16]int32{}
	for _, n := range all {
		counts[n.Kind]++
	}
	at := int32(0)
	for k := range s.ranges {
		s.ranges[k] = [2]int32{at, at + counts[k]}
		at += counts[k]
	}
	s.bodies = make([]Body, counts[graph.Institution])
	s.seats = make([]Seat, counts[graph.Post])
	for i, n := range all {
		node := int32(i)
		s.ids[i], s.names[i] = n.ID, n.Name()
		b.byID[n.ID] = node
		if a, ok := absence(n, s.options.AsOf); ok {
			s.absent[node] = a
		}
		switch n.Kind {
		case graph.Institution:
			*s.Body(node) = body(n)
		case graph.Post:
			*s.Seat(node) = seat(n)
			if len(n.Types) > 0 {
				b.posts[node] = n.Types
			}
		case graph.Source:
			if d := n.Props.Date("date"); d.Known() {
				b.sources[n.ID] = source{date: d, describes: n.Props.Bool("describesDate")}
			}
			fallthrough
		default:
			if len(n.Types) > 0 {
				s.types[node] = n.Types
			}
		}
	}
	return nil
}

// absence tells why a node cannot have been there on a day: born or founded later, or
// dead or dissolved before. Nobody belongs to what is not there, whatever the silence
// of a claim's own dates leaves possible.
func absence(n graph.Node, day graph.Day) (Absence, bool) {
	for _, what := range []string{"born", "founded"} {
		if d := n.Props.Date(what); d.Known() && day < d.Earliest {
			return Absence{What: what, Date: d}, true
		}
	}
	for _, what := range []string{"died", "dissolved"} {
		if d := n.Props.Date(what); d.Known() && day > d.Latest {
			return Absence{What: what, Date: d, Gone: true}, true
		}
	}
	return Absence{}, false
}

func body(n graph.Node) Body {
	count := func(name string) int {
		if v, ok := n.Props.Int(name); ok {
			return v
		}
		return Unknown
	}
	return Body{
		Types: n.Types, Echelon: n.Props.Text("echelon"),
		Strength: count("strength"), Posts: count("authorisedPosts"),
		Placeholder: n.Props.Bool("placeholder"),
	}
}

func seat(n graph.Node) Seat {
	w := 1.0
	if v, ok := n.Props.Float("weight"); ok {
		w = v
	}
	seats := 1
	if v, ok := n.Props.Int("seats"); ok {
		seats = v
	}
	return Seat{Weight: ppm(w), Seats: int32(min(seats, math.MaxInt32)), Vacant: n.Props.Date("vacantSince")}
}

func ppm(v float64) int32 { return int32(math.Round(v * Million)) }

type row struct {
	Tie
	id         graph.ID
	set        string // of alternatives
	confidence float64
	days       int64 // to the nearest evidence
}

func (b *builder) ties(ctx context.Context, r Source) error {
	o := b.s.options
	// The widest policy, so that what the one asked for leaves out can be counted. What the
	// claim was observed on only narrows when it may hold.
	where := graph.TieWhere{AsOf: &graph.AsOf{Day: o.AsOf}, MinConfidence: o.MinConfidence}
	var list []row
	for t, err := range r.Ties(ctx, graph.TieQuery{Where: where}) {
		if err != nil {
			return err
		}
		from, okFrom := b.byID[t.From]
		to, okTo := b.byID[t.To]
		if !okFrom || !okTo {
			continue // an end was hidden or removed between the two streams
		}
		if b.tooLate(&t) {
			b.s.late++
			continue
		}
		if !b.s.There(from) || !b.s.There(to) {
			b.orphaned(t, from, to)
			continue
		}
		k := b.known(&t)
		if structure := t.Type.Info().Structure && k.span.Undated(); !structure && !o.Gap.Holds(k.span.Bounds(), o.AsOf) {
			b.s.omitted++
			continue
		}
		if next := b.row(&t, k, from, to); next.Stated > 0 { // a claim that holds in no world is in no picture
			list = append(list, next)
		}
	}
	list = b.fade(list)
	b.number(list)
	slices.SortFunc(list, func(a, c row) int {
		return cmp.Or(cmp.Compare(a.Type, c.Type), cmp.Compare(a.From, c.From), cmp.Compare(a.To, c.To), cmp.Compare(a.id, c.id))
	})
	s := b.s
	s.ties, s.tieIDs = make([]Tie, 0, len(list)), make([]graph.ID, 0, len(list))
	for i := range list {
		s.add(&list[i].Tie, list[i].id)
	}
	return nil
}

// add appends a tie.
func (s *Snapshot) add(t *Tie, id graph.ID) {
	s.ties, s.tieIDs = append(s.ties, *t), append(s.tieIDs, id)
	if t.Defaulted {
		s.defaulted++
	}
	if t.Possible {
		s.possible++
	}
	if t.Distant {
		s.distant++
	}
	if t.Undated {
		s.undated++
	}
	s.count(t)
}

// number gives every set of at least two standing alternatives an index, in
// the order of the set names.
func (b *builder) number(rows []row) {
	sets := map[string]int{}
	for i := range rows {
		if rows[i].set != "" {
			sets[rows[i].set]++
		}
	}
	names := make([]string, 0, len(sets))
	for name, n := range sets {
		if n > 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	index := make(map[string]int32, len(names))
	for i, name := range names {
		index[name] = int32(i + 1)
	}
	b.s.conflicts = len(names)
	for i := range rows {
		rows[i].Conflict = index[rows[i].set]
	}
}

// row is a claim as far as it does not hang on others: not faded, and no alternative.
func (b *builder) row(t *graph.Tie, k known, from, to int32) row {
	day := b.s.options.AsOf
	out := row{id: t.ID, set: t.ConflictSet, confidence: t.Confidence.Value, Tie: Tie{
		From: from, To: to, Type: t.Type,
		Probability: probability(t.Confidence.Value), Stated: probability(t.Confidence.Value),
		Weight: Unknown, Source: Unknown,
		Key:       tieKey(t.ID),
		Possible:  k.span.At(day) == graph.Possible,
		Defaulted: t.Confidence.Rule == graph.RuleDefault,
		Acting:    t.Props.Bool("acting"),
	}}
	if t.Weight.Known {
		out.Weight = ppm(t.Weight.Value)
	}
	days, dated := nearestEvidence(k.span, day)
	out.Undated = !dated
	out.Distant = dated && days > (1461*int64(b.s.options.DistantYears)+3)/4 // years of 365¼ days, rounded up
	days, on := b.age(k, t.Type.Info().Structure)
	out.days, out.Structural, out.Ageless = days, on == ofStructure, on == ofNothing
	out.Later, out.Untimed = b.heard(t, day)
	if until := b.s.options.EvidenceUntil; until.Set {
		_, out.Untimed = b.heard(t, until.Day)
	}
	if len(t.Citations) > 0 {
		if i, ok := b.byID[t.Citations[0].Source]; ok {
			out.Source = i
		}
	}
	switch t.Type {
	case graph.Controls:
		out.Form = forms[t.Props.Text("form")]
		if out.Form == Diverts && b.s.Kind(to) != graph.RevenueStream {
			out.Form = NoForm
		}
	case graph.PartOf:
		out.Class = classes[t.Props.Text("class")]
	default:
	}
	return out
}

var (
	forms   = map[string]Form{"command": Command, "staffing": Staffing, "portfolio": Portfolio, "de_facto": DeFacto, "diverts": Diverts}
	classes = map[string]Class{"command": CommandClass, "administrative": AdministrativeClass, "informal": InformalClass}
)

// probability is a confidence in units of 2⁻³².
func probability(p float64) uint64 { return uint64(math.Round(p * float64(Certain))) }

func tieKey(id graph.ID) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return h.Sum64()
}

// index builds the out- and in-lists of every type that has ties.
func (b *builder) index() {
	s := b.s
	for lo := 0; lo < len(s.ties); {
		typ := s.ties[lo].Type
		hi := lo
		for hi < len(s.ties) && s.ties[hi].Type == typ {
			hi++
		}
		s.ofType[typ] = [2]int32{int32(lo), int32(hi)}
		s.out[typ] = byEnd(s.ties[lo:hi], int32(lo), func(t *Tie) int32 { return t.From })
		s.in[typ] = byEnd(s.ties[lo:hi], int32(lo), func(t *Tie) int32 { return t.To })
		lo = hi
	}
	s.sets = make([][]int32, s.conflicts+1)
	for i := range s.ties {
		if set := s.ties[i].Conflict; set != 0 {
			s.sets[set] = append(s.sets[set], int32(i))
		}
	}
}

// byEnd lists ties by one of their ends, those of a node in their own order.
func byEnd(ties []Tie, base int32, end func(t *Tie) int32) csr {
	first, last := end(&ties[0]), end(&ties[0])
	for i := range ties {
		first, last = min(first, end(&ties[i])), max(last, end(&ties[i]))
	}
	c := csr{first: first, off: make([]int32, last-first+2), tie: make([]int32, len(ties))}
	for i := range ties {
		c.off[end(&ties[i])-first+1]++
	}
	for i := 1; i < len(c.off); i++ {
		c.off[i] += c.off[i-1]
	}
	next := slices.Clone(c.off)
	for i := range ties {
		at := &next[end(&ties[i])-first]
		c.tie[*at] = base + int32(i)
		*at++
	}
	return c
}

// digest hashes the content in its canonical order.
func (b *builder) digest() {
	s := b.s
	h := sha256.New()
	w := digester{h: h}
	w.num(int64(s.options.AsOf), int64(math.Float64bits(s.options.MinConfidence)))
	w.text(s.options.Gap.String())
	w.num(int64(len(s.ids)), int64(len(s.ties)))
	for i, id := range s.ids {
		w.text(string(id))
		w.text(s.names[i])
		w.num(int64(s.Kind(int32(i))))
		types := s.Types(int32(i))
		w.num(int64(len(types)))
		for _, t := range types {
			w.text(t)
		}
	}
	for _, x := range s.bodies {
		w.text(x.Echelon)
		w.num(int64(x.Strength), int64(x.Posts), bit(x.Placeholder))
	}
	for _, x := range s.seats {
		w.num(int64(x.Weight), int64(x.Seats))
	}
	for i, t := range s.ties {
		w.text(string(s.tieIDs[i]))
		w.num(int64(t.From), int64(t.To), int64(t.Type), int64(t.Probability), int64(t.Weight), int64(t.Conflict),
			int64(t.Source), int64(t.Form), int64(t.Class), bit(t.Possible), bit(t.Defaulted), bit(t.Acting))
	}
	s.digestFading(&w)
	w.flush()
	h.Sum(s.hash[:0])
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

type digester struct {
	h   hash.Hash
	buf []byte
}

func (d *digester) text(s string) {
	d.num(int64(len(s)))
	d.buf = append(d.buf, s...)
}

func (d *digester) num(values ...int64) {
	for _, v := range values {
		d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(v))
	}
	if len(d.buf) > 1<<15 {
		d.flush()
	}
}

func (d *digester) flush() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}
