// The parameters of a purge, with their defaults, ranges and names.
//
// Invariant: of parameters that Verify accepts every chance and share is within 0 to 1, every
// table within its bounds and every name known.

package worlds

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"entangle/graph"
	"entangle/graph/projection"
)

// Support is one of the things an institution stands on.
type Support uint8

// The supports. SupportCount is their number.
const (
	Staff     Support = iota // the people in its posts
	Command                  // posts that a line of command reaches
	Force                    // the strength of its units
	Funding                  // the streams that pay for it
	Provision                // what other institutions provide
	SupportCount
)

// String returns the support's name, such as "STAFF".
func (s Support) String() string { return supportTable[s].name() }

// Supports returns every support.
func Supports() (list []Support) {
	for s := range SupportCount {
		list = append(list, s)
	}
	return list
}

// ParseSupport returns the support with that name, such as "STAFF". It fails with ErrInput.
func ParseSupport(name string) (Support, error) {
	var names []string
	for _, s := range Supports() {
		if s.String() == name {
			return s, nil
		}
		names = append(names, s.String())
	}
	return 0, fmt.Errorf("%w: support %q (one of %s)", ErrInput, name, strings.Join(names, ", "))
}

// Requirement says how much of a support an institution needs: under Need it is
// fractured, under Floor collapsed. Both are retained shares, 0–1.
type Requirement struct{ Need, Floor float64 }

// Needs are the requirements of one institution or type of institution.
type Needs map[Support]Requirement

// Requirements are looked up for an institution by its id, then by the first of
// its types that has the support, then in Default.
type Requirements struct {
	Default       Needs
	ByType        map[string]Needs
	ByInstitution map[graph.ID]Needs
}

// Params are the model: what a purge reaches, how others respond, what
// institutions need, and what stands in where the data is silent. Start from
// DefaultParams.
type Params struct {
	// SubGroups: groups that are PART_OF a struck group are struck.
	SubGroups bool
	// Wings: wings of a struck group are struck.
	Wings bool
	// Followers: persons LOYAL_TO a struck group are lost with it.
	Followers bool
	// Associates: known associates of target persons are lost with them.
	Associates bool
	// Within limits the strike at groups to these institutions and their parts: their members
	// lose only posts there and are not lost themselves, and what they CONTROL elsewhere
	// stays. The groups provoke as if they were struck whole, and can still rally. FromWeight
	// limits it to posts of at least this weight.
	Within     []graph.ID
	FromWeight float64
	// Enrolled: groups that are PART_OF an institution that is disbanded are struck.
	Enrolled bool

	// Rally: allies of a struck or rallied group join it with probability
	// Solidarity × tie weight; of a rallied group each member walks out, and each
	// body or stream it holds leaves, with probability Walkout.
	Rally      bool
	Solidarity float64
	Walkout    float64
	// Switchover: an ally that would rally sides with the state instead where a rival
	// of its own is struck or has rallied, with probability Switchover × the weight
	// of the RIVAL_OF tie. 0, the default, switches it off. Since a group that sides
	// with the state no longer makes its own rivals side with it, this is not monotone:
	// the response is played anew until nobody changes sides, at most maxRounds
	// times. A world that comes to a limit cycle has not converged.
	Switchover float64
	// CutProvokes: a group that holds a share of a revenue stream that is cut rallies
	// with this probability × its share.
	CutProvokes float64
	// Defection: a person tied to a lost person by LOYAL_TO, KIN_OF or
	// ASSOCIATE_OF, or LOYAL_TO a struck group, leaves with probability
	// Loyalty × tie weight; a group so tied rallies.
	Defection bool
	Loyalty   float64
	// Contagion: fractured institutions count as gone for those that build on them.
	Contagion bool

	// MinCoverage is the share of an institution's leading posts that must be on
	// record for the records to speak at all: below it STAFF and COMMAND rest on
	// aggregate claims, or have no data.
	MinCoverage float64
	// Bridge is the number of posts in a row that may be vacant in a line of
	// command that still holds: 1 is an acting superior.
	Bridge int
	// DeputyShare is what of a vacated post's work its deputy carries: the holder of
	// a post in the same institution that reports to it, who stays. 0, the default:
	// nobody stands in.
	DeputyShare float64
	// ParentShare is the share of an institution's work that its parent provides.
	ParentShare float64
	// InfluenceShare is what an INFLUENCES claim weighs against CONTROLS.
	InfluenceShare float64
	// TieWeight stands in for a missing weight of alliance, loyalty, kinship,
	// association or influence.
	TieWeight float64
	// ControlShare stands in for a missing share of CONTROLS.
	ControlShare float64

	// OwnShare: what a claim of a target gives it of an institution has to be above this
	// share for the institution to be the target's own; see docs/model.md. It bears on
	// which count a fracture is in, on nothing that happens in a world. With 1 nothing is
	// anybody's own.
	OwnShare float64

	// SourceCorrelation is the probability with which an uncertain tie stands or
	// falls with its first source instead of by itself: 0, the default, draws all
	// ties independently. The confidence of each tie stays what it is.
	SourceCorrelation float64

	// MaxWaves bounds the response; an answer that was cut says converged: false.
	MaxWaves int

	Requirements Requirements
	// LeadingPosts is the prior number of posts that run a body, by type of
	// institution, where neither data nor statute gives one; "" is for the rest.
	LeadingPosts map[string]int
	// Headcount is the prior strength by echelon or type, where the data gives
	// none; "" is for the rest.
	Headcount map[string]int
}

// DefaultParams returns the documented defaults. They are conventions of the
// model, not measurements; docs/model.md says what each rests on.
func DefaultParams() Params {
	return Params{
		SubGroups: true, Wings: true, Enrolled: true,
		Rally: true, Solidarity: 0.5, Walkout: 0.5, CutProvokes: 0.1,
		Defection: true, Loyalty: 0.3,
		Contagion: true,
		Bridge:    1, ParentShare: 0.25, InfluenceShare: 0.25, TieWeight: 0.5, ControlShare: 0.5, OwnShare: 0.5,
		MaxWaves:     32,
		Requirements: defaultRequirements(),
		LeadingPosts: map[string]int{
			"": 10, "ministry": 20, "command": 10, "office": 8, "agency": 12, "unit": 5, "commission": 10,
			"legislature": 100, "court": 9, "government": 25, "bank": 8, "council": 15, "zone_security": 6,
		},
		Headcount: map[string]int{
			"": 1000, "brigade": 2500, "division": 10000, "battalion": 600, "regiment": 1500, "company": 120,
			"command": 1000, "agency": 2000, "ministry": 20000,
		},
	}
}

func defaultRequirements() Requirements {
	return Requirements{
		Default: Needs{
			Staff: {0.6, 0.3}, Command: {0.6, 0.3}, Force: {0.6, 0.3}, Funding: {0.6, 0.3}, Provision: {0.6, 0.3},
		},
		ByType: map[string]Needs{
			"ministry":      {Staff: {0.75, 0.4}, Force: {0.7, 0.35}, Funding: {0.7, 0.35}},
			"command":       {Staff: {0.7, 0.35}, Command: {0.75, 0.4}, Force: {0.7, 0.35}},
			"agency":        {Staff: {0.7, 0.35}},
			"unit":          {Staff: {0.5, 0.25}, Command: {0.5, 0.25}, Force: {0.5, 0.25}},
			"zone_security": {Staff: {0.75, 0.4}, Command: {0.75, 0.4}, Force: {0.75, 0.4}, Provision: {0.7, 0.35}},
			"legislature":   {Staff: {0.5, 0.25}},
			"government":    {Staff: {0.7, 0.35}, Provision: {0.7, 0.35}},
		},
	}
}

// Monotone says whether a larger purge breaks no less in any world.
func (p Params) Monotone() bool { return !p.Rally || p.Switchover == 0 }

// Verify returns an error for the first parameter that is out of its range (ErrInput), or
// that is for something that the snapshot does not have (ErrUnknown).
func (p Params) Verify(s *projection.Snapshot) error {
	for _, row := range parameters {
		if err := row.check(&p); err != nil {
			return err
		}
	}
	return p.verifyTables(s)
}

func (p Params) verifyTables(s *projection.Snapshot) error {
	for _, n := range p.Requirements.all() {
		for sup, r := range InOrder(n) {
			if !(r.Need >= 0 && r.Need <= 1 && r.Floor >= 0 && r.Floor <= r.Need) {
				return fmt.Errorf("%w: requirement of %s: need %g, floor %g (0 ≤ floor ≤ need ≤ 1)", ErrInput, sup, r.Need, r.Floor)
			}
		}
	}
	for i, priors := range []map[string]int{p.LeadingPosts, p.Headcount} {
		for typ, n := range InOrder(priors) {
			if n < 1 || n > maxStrength {
				return fmt.Errorf("%w: prior size of %q is %d (1 to %d)", ErrInput, typ, n, maxStrength)
			}
			if err := sized(s, typ, i == 1); err != nil {
				return err
			}
		}
	}
	for typ := range InOrder(p.Requirements.ByType) {
		if err := BodyType(s, "requirement", typ); err != nil {
			return err
		}
	}
	for _, id := range p.Within {
		switch node, ok := s.Index(id); {
		case !ok:
			return fmt.Errorf("%w: within institution %q", ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return fmt.Errorf("%w: within %q, which is a %s and no institution", ErrInput, id, s.Kind(node))
		}
	}
	for id := range InOrder(p.Requirements.ByInstitution) {
		switch node, ok := s.Index(id); {
		case !ok:
			return fmt.Errorf("%w: requirement of institution %q", ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return fmt.Errorf("%w: requirement of %q, which is a %s and no institution", ErrInput, id, s.Kind(node))
		}
	}
	return nil
}

// usualTypes are those of the vocabulary and of the prior numbers of posts, sorted;
// usualEchelons are the other words of the prior strengths.
var (
	usualTypes = sync.OnceValue(func() []string {
		return wordsOf(graph.Institution.Info().Types, slices.Collect(maps.Keys(DefaultParams().LeadingPosts)))
	})
	usualEchelons = sync.OnceValue(func() []string {
		words := wordsOf(slices.Collect(maps.Keys(DefaultParams().Headcount)))
		return slices.DeleteFunc(words, func(w string) bool { return slices.Contains(usualTypes(), w) })
	})
)

// wordsOf are those of some lists, sorted, each once, without the empty one that stands
// for the rest.
func wordsOf(lists ...[]string) []string {
	words := slices.Concat(lists...)
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(w string) bool { return w == "" })
}

// BodyType fails with ErrInput for a type of institution that is neither usual nor in the
// data. Otherwise nobody would notice that a misspelt word changed nothing. An echelon is no
// type. The error names what is of that type, such as "requirement".
func BodyType(s *projection.Snapshot, what, typ string) error {
	if slices.Contains(usualTypes(), typ) || anyBody(s, func(b *projection.Body) bool { return slices.Contains(b.Types, typ) }) {
		return nil
	}
	no := "no institution has it"
	if echelon(s, typ) {
		no = "that is an echelon"
	}
	return fmt.Errorf("%w: %s of type %q: %s; known are %s", ErrInput, what, typ, no, strings.Join(usualTypes(), ", "))
}

// sized fails for a word that a prior size cannot be of: a strength is that of a type or
// an echelon, a number of posts that of a type. Both have an empty word, for the rest.
func sized(s *projection.Snapshot, typ string, echelons bool) error {
	const what = "prior size"
	switch {
	case typ == "" || echelons && echelon(s, typ):
		return nil
	case !echelons:
		return BodyType(s, what, typ)
	case BodyType(s, what, typ) != nil:
		return fmt.Errorf("%w: %s of type %q: no institution has that type or echelon; known are %s", ErrInput, what, typ, strings.Join(wordsOf(usualTypes(), usualEchelons()), ", "))
	}
	return nil
}

// echelon reports whether a word is a usual echelon, or one in the data.
func echelon(s *projection.Snapshot, word string) bool {
	return slices.Contains(usualEchelons(), word) || anyBody(s, func(b *projection.Body) bool { return b.Echelon == word })
}

func anyBody(s *projection.Snapshot, is func(b *projection.Body) bool) bool {
	lo, hi := s.Range(graph.Institution)
	for body := lo; body < hi; body++ {
		if is(s.Body(body)) {
			return true
		}
	}
	return false
}

// The largest values of Bridge and MaxWaves, and of rounds in which groups change sides.
const (
	maxBridge = 8
	maxWaves  = 1023
	maxRounds = 16
)

func (r Requirements) all() []Needs {
	out := []Needs{r.Default}
	for _, n := range InOrder(r.ByType) {
		out = append(out, n)
	}
	for _, n := range InOrder(r.ByInstitution) {
		out = append(out, n)
	}
	return out
}

// InOrder yields the rows of a table by ascending keys, so that the first thing found wrong
// with it is the same every time.
func InOrder[K cmp.Ordered, V any](table map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(table)) {
			if !yield(k, table[k]) {
				return
			}
		}
	}
}

// of returns the requirement of a support for an institution of that id and those types, in
// the order of its data.
func (r Requirements) of(id graph.ID, types []string, s Support) Requirement {
	if q, ok := r.ByInstitution[id][s]; ok {
		return q
	}
	for _, typ := range types {
		if q, ok := r.ByType[typ][s]; ok {
			return q
		}
	}
	return r.Default[s]
}

// prior returns the first prior of the words, then the one for the rest.
func prior(table map[string]int, words ...string) int {
	for _, w := range words {
		if n, ok := table[w]; ok && w != "" {
			return n
		}
	}
	if n, ok := table[""]; ok {
		return n
	}
	return 1
}

// chance is a probability in units of 2⁻³².
func chance(p float64) uint64 { return uint64(p*float64(projection.Certain) + 0.5) }

// share is a share in parts per million.
func share(v float64) int64 { return int64(math.Round(v * projection.Million)) }
