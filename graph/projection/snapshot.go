// Package projection holds an immutable picture of a store at a date: nodes
// and standing ties as dense arrays, built once and shared by every question.
//
// Nodes are numbered by kind and then id, ties by type, from-end and to-end,
// so a kind or a type is a contiguous range and the ties leaving a node are
// one too. Questions mask nodes and ties; nothing is ever copied or changed.
package projection

import (
	"encoding/hex"
	"sort"
	"sync"

	"entangle/graph"
)

// Options say which picture to take.
type Options struct {
	// AsOf is the day of the picture.
	AsOf graph.Day
	// Gap decides for which claims silence counts as standing.
	Gap graph.GapPolicy
	// MinConfidence leaves out ties that are less sure on the day.
	MinConfidence float64
	// EvidenceUntil leaves out claims all of whose sources are dated later than a day, and
	// later observations: what nobody knew by then.
	EvidenceUntil Until
	// HalfLives say how fast possible claims fade under graph.Fading; nothing else reads them.
	HalfLives graph.HalfLives
	// DistantYears is from how many years on evidence is distant, DefaultDistantYears
	// where 0. It leaves nothing out and is not part of the hash: ties that rest on
	// distant evidence are counted, Snapshot.DistantTies.
	DistantYears int
	// Tenures has the picture know which tenure of each post ended last, which takes
	// another reading of the store. It changes nothing else and is not part of the hash.
	Tenures bool
}

// DefaultDistantYears is about a term of office: after that long an office has often
// changed hands. MaxDistantYears is as far as a question may look.
const (
	DefaultDistantYears = 3
	MaxDistantYears     = 1000
)

// normal puts the defaults in.
func (o Options) normal() Options {
	if o.DistantYears <= 0 {
		o.DistantYears = DefaultDistantYears
	}
	return o
}

// Form is the form of a hold on a body: Tie.Form.
type Form uint8

// The forms of CONTROLS. NoForm: the data does not say, or that a stream is operated, which is
// what is taken where it does not say.
const (
	NoForm Form = iota
	Command
	Staffing
	Portfolio
	DeFacto
	Diverts // of a revenue stream alone
)

// Class is the class of PART_OF: Tie.Class.
type Class uint8

// The classes of PART_OF. NoClass: the data does not say.
const (
	NoClass Class = iota
	CommandClass
	AdministrativeClass
	InformalClass
)

// Unknown stands in Tie.Weight and the institution's numbers where the data
// does not say.
const Unknown = -1

// Tie is one standing claim. Indexes are dense.
type Tie struct {
	From, To int32
	// Probability that the claim holds on the day, in units of 2⁻³²: Stated, faded by the
	// age of its evidence under graph.Fading.
	Probability uint64
	// Stated is the confidence that the record gives, whatever its age, in the same units.
	Stated uint64
	// Weight in parts per million, Unknown where not stated.
	Weight int32
	// Conflict is the index of the set of alternatives the claim belongs to, 0
	// for none.
	Conflict int32
	// Key is a hash of the tie's id: coins are drawn by it.
	Key uint64
	// Source is the index of the first source cited, Unknown for none.
	Source int32
	Type   graph.TieType
	Form   Form
	Class  Class
	// Possible: the dates make the claim possible on the day, not certain.
	Possible bool
	// Defaulted: the confidence is the default, not stated or derived.
	Defaulted bool
	Acting    bool
	// Distant: no dated evidence of the claim is within Options.DistantYears of the
	// day. Undated: it has no date at all.
	Distant, Undated bool
	// Ageless: it is possible, and neither it nor a source of it has a date to tell its age
	// by. Structural: it is structure that nobody dated. Both stand whole.
	Ageless, Structural bool
	// Later: it rests on evidence later than the day alone. Untimed: nothing says when it
	// was first told, so that Options.EvidenceUntil leaves it in.
	Later, Untimed bool
}

// Certain is the Probability of a claim that holds in every world.
const Certain = uint64(1) << 32

// Body holds what analysis reads of an institution.
type Body struct {
	Types       []string
	Echelon     string
	Strength    int // headcount, Unknown where not stated
	Posts       int // posts by statute, Unknown where not stated
	Placeholder bool
}

// Seat holds what analysis reads of a post.
type Seat struct {
	Weight int32 // parts per million; a post of unstated weight counts whole
	Seats  int32 // like seats, 1 where not stated
	// Vacant is since when the post is stated to be vacant, the zero Date where nobody
	// states it.
	Vacant graph.Date
}

// Tenure is a claim that somebody held a post, which had certainly ended before the day:
// it does not stand, and is no tie of the picture.
type Tenure struct {
	Tie          graph.ID
	Holder, Post int32
	// Probability that the claim is true, in units of 2⁻³².
	Probability uint64
	// End is when it ended: the claim's own end, or the holder's death before that.
	End graph.Date
}

// Snapshot is the picture. It is safe for concurrent use.
type Snapshot struct {
	version   graph.Version
	clearance graph.Marking
	options   Options
	hash      [32]byte

	ids    []graph.ID
	names  []string
	ranges [16][2]int32 // by kind: first node and past the last

	ties   []Tie
	tieIDs []graph.ID
	ofType [32][2]int32 // by type: first tie and past the last
	out    [32]csr      // by type, over ties
	in     [32]csr

	bodies    []Body // by institution
	seats     []Seat // by post
	types     map[int32][]string
	absent    map[int32]Absence
	tenures   map[int32]Tenure // by post, the one that ended last
	defaulted int
	possible  int
	distant   int
	undated   int
	omitted   int
	late      int
	fading    fadingCounts
	conflicts int
	sets      [][]int32 // by set of alternatives: its ties; none of 0

	bonds     *Bonds
	bondsOnce sync.Once
	pulls     *Pulls
	pullsOnce sync.Once
}

// csr lists ties by node for a contiguous range of nodes.
type csr struct {
	first int32   // first node
	off   []int32 // offset in tie by node − first
	tie   []int32
}

func (c *csr) row(node int32) []int32 {
	i := node - c.first
	if i < 0 || int(i) >= len(c.off)-1 {
		return nil
	}
	return c.tie[c.off[i]:c.off[i+1]]
}

// Absence says why a node was certainly not there on the day of a picture.
type Absence struct {
	// What the date is of: "born", "founded", "died" or "dissolved".
	What string
	Date graph.Date
	// Gone: it was there before the day, else it came after it.
	Gone bool
}

// Absence tells of a node that was certainly not there on the day. It keeps its place
// in the picture; its ties are left out.
func (s *Snapshot) Absence(node int32) (Absence, bool) {
	a, ok := s.absent[node]
	return a, ok
}

// There reports whether a node may have been there on the day.
func (s *Snapshot) There(node int32) bool { _, missing := s.absent[node]; return !missing }

// LastTenure returns, of the claims to a post that had certainly ended before the day, the
// one that ended last, in a picture that was taken with Options.Tenures. Like what is
// stated of a vacancy it is no part of the hash, which names what stands.
func (s *Snapshot) LastTenure(post int32) (Tenure, bool) {
	t, ok := s.tenures[post]
	return t, ok
}

// Version is the store's version at which the picture was taken.
func (s *Snapshot) Version() graph.Version { return s.version }

// Options returns the options the picture was taken with.
func (s *Snapshot) Options() Options { return s.options }

// Clearance returns the clearance the picture was taken with.
func (s *Snapshot) Clearance() graph.Marking { return s.clearance }

// Hash names the content: equal hashes mean equal pictures, whatever store
// they come from.
func (s *Snapshot) Hash() string { return hex.EncodeToString(s.hash[:16]) }

// Len returns the number of nodes.
func (s *Snapshot) Len() int32 { return int32(len(s.ids)) }

// Ties returns the number of ties.
func (s *Snapshot) Ties() int32 { return int32(len(s.ties)) }

// Defaulted returns how many ties rest on the default confidence.
func (s *Snapshot) Defaulted() int { return s.defaulted }

// PossibleTies returns how many ties are possible, not certain, on the day.
func (s *Snapshot) PossibleTies() int { return s.possible }

// DistantTies returns how many ties rest on dated evidence none of which is within
// Options.DistantYears of the day.
func (s *Snapshot) DistantTies() int { return s.distant }

// UndatedTies returns how many ties have no date at all.
func (s *Snapshot) UndatedTies() int { return s.undated }

// OmittedTies returns how many ties are possible on the day and were left out by the
// gap policy: under graph.Fading those that faded below Options.MinConfidence, or to nothing.
func (s *Snapshot) OmittedTies() int { return s.omitted }

// ConflictSets returns the number of sets of alternatives.
func (s *Snapshot) ConflictSets() int { return s.conflicts }

// Range returns the first node of a kind and the one past its last.
func (s *Snapshot) Range(k graph.Kind) (lo, hi int32) { return s.ranges[k][0], s.ranges[k][1] }

// Kind returns the kind of a node.
func (s *Snapshot) Kind(node int32) graph.Kind {
	for k := graph.Person; k.Valid(); k++ {
		if node < s.ranges[k][1] {
			return k
		}
	}
	return 0
}

// ID returns the id of a node.
func (s *Snapshot) ID(node int32) graph.ID { return s.ids[node] }

// Name returns the primary name of a node.
func (s *Snapshot) Name(node int32) string { return s.names[node] }

// Ref names a node of a picture.
type Ref struct {
	ID   graph.ID
	Kind graph.Kind
	Name string
}

// Ref names a node.
func (s *Snapshot) Ref(node int32) Ref {
	return Ref{ID: s.ID(node), Kind: s.Kind(node), Name: s.Name(node)}
}

// Index returns the node with an id.
func (s *Snapshot) Index(id graph.ID) (node int32, ok bool) {
	for k := graph.Person; k.Valid(); k++ {
		lo, hi := s.Range(k)
		of := s.ids[lo:hi]
		if i := sort.Search(len(of), func(i int) bool { return of[i] >= id }); i < len(of) && of[i] == id {
			return lo + int32(i), true
		}
	}
	return 0, false
}

// Tie returns a tie.
func (s *Snapshot) Tie(t int32) *Tie { return &s.ties[t] }

// TieID returns the id of a tie.
func (s *Snapshot) TieID(t int32) graph.ID { return s.tieIDs[t] }

// Out returns the ties of a type that leave a node, in the order of the other ends.
func (s *Snapshot) Out(typ graph.TieType, node int32) []int32 { return s.out[typ].row(node) }

// In returns the ties of a type that arrive at a node, in the order of the other ends.
func (s *Snapshot) In(typ graph.TieType, node int32) []int32 { return s.in[typ].row(node) }

// OfType returns the ties of a type, as a range of numbers.
func (s *Snapshot) OfType(typ graph.TieType) (lo, hi int32) {
	return s.ofType[typ][0], s.ofType[typ][1]
}

// Parallel returns the ties at the head of a list that join the same two nodes. The list is
// one of Out or In, or a tail of it, and not empty.
func (s *Snapshot) Parallel(ties []int32) []int32 {
	first, n := s.Tie(ties[0]), 1
	for n < len(ties) && s.Tie(ties[n]).From == first.From && s.Tie(ties[n]).To == first.To {
		n++
	}
	return ties[:n]
}

// Neighbours calls visit for every tie of some types at a node, with the node at its other end.
func (s *Snapshot) Neighbours(types []graph.TieType, node int32, visit func(t, other int32)) {
	for _, typ := range types {
		for _, t := range s.Out(typ, node) {
			visit(t, s.Tie(t).To)
		}
		for _, t := range s.In(typ, node) {
			visit(t, s.Tie(t).From)
		}
	}
}

// Alternatives returns the ties of a set of contradicting claims, by its number
// (Tie.Conflict).
func (s *Snapshot) Alternatives(set int32) []int32 { return s.sets[set] }

// Chance is the probability, 0–1, that a claim stands. Alternatives that sum to more than one
// are scaled to one.
func (s *Snapshot) Chance(t int32) float64 {
	tie, total := s.Tie(t), Certain
	if tie.Conflict != 0 {
		total = max(total, s.Claimed(tie.Conflict))
	}
	return float64(tie.Probability) / float64(total)
}

// Claimed is what the probabilities of alternatives sum to, in units of 2⁻³².
func (s *Snapshot) Claimed(set int32) (total uint64) {
	for _, t := range s.sets[set] {
		total += s.Tie(t).Probability
	}
	return total
}

// Recorded reports whether some tie of the node stands.
func (s *Snapshot) Recorded(node int32) bool {
	for typ := range s.out {
		if len(s.out[typ].row(node))+len(s.in[typ].row(node)) > 0 {
			return true
		}
	}
	return false
}

// Body returns an institution's figures.
func (s *Snapshot) Body(institution int32) *Body {
	return &s.bodies[institution-s.ranges[graph.Institution][0]]
}

// Seat returns a post's figures.
func (s *Snapshot) Seat(post int32) *Seat { return &s.seats[post-s.ranges[graph.Post][0]] }

// Types returns the types of a group or place.
func (s *Snapshot) Types(node int32) []string {
	if s.Kind(node) == graph.Institution {
		return s.Body(node).Types
	}
	return s.types[node]
}
