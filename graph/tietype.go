package graph

import (
	"fmt"
	"slices"
)

// TieType says what a tie claims.
type TieType uint8

// The types of tie.
const (
	Holds TieType = iota + 1
	PostIn
	ReportsTo
	MemberOf
	PartOf
	Controls
	Influences
	AlliedWith
	RivalOf
	LoyalTo
	KinOf
	AssociateOf
	WingOf
	SplitFrom
	Backs
	Supports
	Funds
	DependsOn
	LocatedAt
	PresentIn
	InvolvedIn
)

// Ends is a pair of kinds that a tie type may join.
type Ends struct{ From, To Kind }

// TieInfo is one row of the table of tie types.
type TieInfo struct {
	Type TieType
	// Name is the type as data writes it: a Neo4j relationship type, an enum value.
	Name string
	// Ends are the pairs of kinds it joins.
	Ends []Ends
	// Out and In are the field names seen from the two ends:
	// Person.memberOf, Group.members. They are equal for a symmetric type.
	Out, In string
	// Symmetric types have no direction: a tie is stored once with From ≤ To.
	Symmetric bool
	// Weight says what the tie's weight means, "" where it has no meaning.
	Weight string
	// HalfLife is after how many years without evidence a claim of the type keeps half of
	// its confidence, Endless where it does not fade, and Ages why. HOLDS has more by type
	// of post, TenureHalfLives.
	HalfLife float64
	Ages     string
	// Structure is what a state is built of: such a claim that nobody dated stands.
	Structure bool
	Props     []PropSpec
	Help      string
}

var (
	roleProp = PropSpec{Name: "role", Type: StringProp, Help: "Role as the source puts it."}
	rankProp = PropSpec{Name: "rank", Type: StringProp, Help: "Rank at the time."}
)

var tieTypes = []TieInfo{
	{
		Type: Holds, Name: "HOLDS", Ends: []Ends{{Person, Post}}, Out: "holds", In: "holders",
		HalfLife: TenureHalfLife, Ages: "Offices change hands: measured, by type of post.",
		Help: "A person holds a post.",
		Props: []PropSpec{
			{Name: "acting", Type: BoolProp, Help: "Holds it as acting or caretaker."},
			rankProp,
			{Name: "onBehalfOf", Type: StringProp, Help: "Party or bloc on whose list the seat was won, as the source writes it."},
			{Name: "constituency", Type: StringProp, Help: "Constituency of an elected seat."},
		},
	},
	{
		Type: PostIn, Name: "POST_IN", Ends: []Ends{{Post, Institution}}, Out: "postIn", In: "posts",
		HalfLife: 20, Ages: "A post seldom moves: a body is founded or dissolved first.", Structure: true,
		Help: "A post is a seat of an institution.",
	},
	{
		Type: ReportsTo, Name: "REPORTS_TO", Ends: []Ends{{Post, Post}}, Out: "reportsTo", In: "directReports",
		HalfLife: 8, Ages: "Lines of command are redrawn by reorganisations, about every second government.", Structure: true,
		Help: "A post answers to another: the line of command. Cycles and several apexes are normal data.",
	},
	{
		Type: MemberOf, Name: "MEMBER_OF", Ends: []Ends{{Person, Group}}, Out: "memberOf", In: "members",
		HalfLife: 15, Ages: "Members seldom leave: most memberships end with the group or the member.",
		Weight: "strength of the bond, for followers drawn by it",
		Props:  []PropSpec{roleProp, rankProp},
		Help:   "A person belongs to a group.",
	},
	{
		Type: PartOf, Name: "PART_OF", Ends: []Ends{{Group, Group}, {Group, Institution}, {Institution, Institution}, {Place, Place}},
		HalfLife: 10, Ages: "Bodies are placed under another by laws and mergers, less often than a government changes.", Structure: true,
		Out: "partOf", In: "parts",
		Props: []PropSpec{{Name: "class", Type: StringProp, Enum: []string{"command", "administrative", "informal"}, Help: "What kind of part: under its command, administered by it, or informally."}},
		Help:  "A body or place is part of a larger one. A group that is part of an institution is enrolled in it.",
	},
	{
		Type: Controls, Name: "CONTROLS", Ends: []Ends{{Group, Institution}, {Group, Place}, {Group, RevenueStream}},
		HalfLife: 4, Ages: "Holds on bodies are shared out anew with each government, about once a term of parliament.",
		Out: "controls", In: "controlledBy", Weight: "share of the body, place or stream that is held",
		Props: []PropSpec{{Name: "form", Type: StringProp, Enum: []string{"command", "staffing", "portfolio", "de_facto", "diverts", "operates"}, Help: "How it is held: by command, by staff, by portfolio, or in fact (de facto). Of a stream: the holder diverts its share, which the receivers then lack, or operates it."}},
		Help:  "A group holds an institution, a place or a revenue stream, or a share of it.",
	},
	{
		Type: Influences, Name: "INFLUENCES", Ends: []Ends{{Group, Institution}, {Institution, Institution}, {Person, Institution}},
		HalfLife: 4, Ages: "Like control.",
		Out: "influences", In: "influencedBy", Weight: "share of the body that follows the influence",
		Help: "A weaker hold than control.",
	},
	{
		Type: AlliedWith, Name: "ALLIED_WITH", Ends: []Ends{{Group, Group}}, Out: "alliedWith", In: "alliedWith", Symmetric: true,
		HalfLife: 4, Ages: "Alliances are made for elections and last about a term.",
		Weight: "solidarity: the chance that one rallies to the other under full solidarity", Help: "Two groups stand together.",
	},
	{
		Type: RivalOf, Name: "RIVAL_OF", Ends: []Ends{{Group, Group}}, Out: "rivalOf", In: "rivalOf", Symmetric: true,
		HalfLife: 8, Ages: "A rivalry outlives its occasion, by about two terms.",
		Weight: "intensity of the rivalry", Help: "Two groups compete.",
	},
	{
		Type: LoyalTo, Name: "LOYAL_TO",
		HalfLife: 8, Ages: "Loyalty goes with a leader, who lasts longer than his offices.",
		Ends: []Ends{
			{Person, Person},
			{Person, Group},
			{Person, Post},
			{Group, Person},
			{Group, Group},
			{Group, Post},
			{Institution, Person},
			{Institution, Group},
			{Institution, Post},
		},
		Out: "loyalTo", In: "followers", Weight: "strength of the loyalty",
		Help: "A person or body follows another without belonging to it; of a post: whoever holds it.",
	},
	{
		Type: KinOf, Name: "KIN_OF", Ends: []Ends{{Person, Person}}, Out: "kinOf", In: "kinOf", Symmetric: true,
		HalfLife: Endless, Ages: "Family stays family.",
		Weight: "closeness",
		Props:  []PropSpec{{Name: "relationship", Type: StringProp, Help: "Relationship as the source puts it."}},
		Help:   "Two persons are family.",
	},
	{
		Type: AssociateOf, Name: "ASSOCIATE_OF", Ends: []Ends{{Person, Person}}, Out: "associateOf", In: "associateOf", Symmetric: true,
		HalfLife: 15, Ages: "Who knew each other still does: like membership.",
		Weight: "closeness",
		Props:  []PropSpec{{Name: "relationship", Type: StringProp, Help: "Relationship as the source puts it."}},
		Help:   "Two persons are known associates.",
	},
	{
		Type: WingOf, Name: "WING_OF", Ends: []Ends{{Group, Group}}, Out: "wingOf", In: "wings",
		HalfLife: 15, Ages: "A wing is bound to its party as a member is.",
		Props: []PropSpec{{Name: "form", Type: StringProp, Enum: []string{"armed", "political", "social"}, Help: "What kind of wing."}},
		Help:  "A group is the armed, political or social wing of another.",
	},
	{
		Type: SplitFrom, Name: "SPLIT_FROM", Ends: []Ends{{Group, Group}}, Out: "splitFrom", In: "splinters",
		HalfLife: Endless, Ages: "A split has happened.",
		Help: "A group broke away from another.",
	},
	{
		Type: Backs, Name: "BACKS",
		HalfLife: 8, Ages: "Patrons change slowly: interests outlast governments.",
		Ends: []Ends{{Institution, Group}, {Institution, Institution}, {Institution, Person}, {Group, Group}, {Group, Institution}, {Group, Person}},
		Out:  "backs", In: "backedBy", Weight: "share of the backed body's means",
		Props: []PropSpec{
			{Name: "form", Type: StringProp, List: true, Enum: []string{"funds", "arms", "trains", "directs", "political", "force"}, Help: "What the backing is."},
			{Name: "strength", Type: IntProp, Min: 0, Help: "Headcount that it commits, where the backing is force."},
		},
		Help: "A body backs a group, an institution or a person.",
	},
	{
		Type: Supports, Name: "SUPPORTS", Ends: []Ends{{Group, Person}, {Group, Institution}, {Group, Post}}, Out: "supports", In: "supportedBy",
		HalfLife: 2, Ages: "A coalition is made for a government, which seldom lasts a term.",
		Weight: "reliability of the support",
		Props:  []PropSpec{{Name: "seats", Type: IntProp, Min: 0, Help: "Seats it brings."}},
		Help:   "A group is part of the parliamentary coalition behind a person, a body or whoever holds a post. Of a legislature: it sits there.",
	},
	{
		Type: Funds, Name: "FUNDS", Ends: []Ends{{RevenueStream, Group}, {RevenueStream, Institution}}, Out: "funds", In: "fundedBy",
		HalfLife: 4, Ages: "Budgets and contracts are given anew, most within a term.",
		Weight: "share of the receiver's money that comes from the stream",
		Props: []PropSpec{
			{Name: "amount", Type: FloatProp, Min: 0, Help: "Amount a year, in the currency."},
			{Name: "currency", Type: StringProp, Help: "ISO 4217 code."},
		},
		Help: "A stream pays for a body.",
	},
	{
		Type: DependsOn, Name: "DEPENDS_ON", Ends: []Ends{{Institution, Institution}}, Out: "dependsOn", In: "providesTo",
		HalfLife: 10, Ages: "Who works for whom is set by law and habit.", Structure: true,
		Weight: "share of the institution's work that needs the provider", Help: "An institution needs what another provides.",
	},
	{
		Type: LocatedAt, Name: "LOCATED_AT", Ends: []Ends{{Institution, Place}, {RevenueStream, Place}, {Event, Place}}, Out: "locatedAt", In: "hosts",
		HalfLife: 10, Ages: "Seats and bases seldom move.", Structure: true,
		Props: []PropSpec{{Name: "form", Type: StringProp, Enum: []string{"site", "area_of_operations", "secures"}, Help: "A site, an area of operations, or a place it secures."}},
		Help:  "A body, stream or event is at a place.",
	},
	{
		Type: PresentIn, Name: "PRESENT_IN", Ends: []Ends{{Group, Place}}, Out: "presentIn", In: "presentGroups",
		HalfLife: 2, Ages: "Armed presence moves with campaigns.",
		Help: "A group is present at a place.",
	},
	{
		Type: InvolvedIn, Name: "INVOLVED_IN", Ends: []Ends{{Person, Event}, {Group, Event}, {Institution, Event}}, Out: "involvedIn", In: "involved",
		HalfLife: Endless, Ages: "What happened has happened.",
		Props: []PropSpec{{Name: "role", Type: StringProp, Enum: []string{"actor", "target", "victim"}, Help: "Part taken in the event."}},
		Help:  "A person or body took part in an event.",
	},
}

// TieTypes returns the table of tie types in its order. The caller must not
// change it.
func TieTypes() []TieInfo { return tieTypes }

// Info returns the row of t. It panics on a value that is no type.
func (t TieType) Info() TieInfo { return tieTypes[t-1] }

// Valid reports whether t is a row of the table.
func (t TieType) Valid() bool { return t >= 1 && int(t) <= len(tieTypes) }

// String returns the type's name, such as "MEMBER_OF".
func (t TieType) String() string {
	if !t.Valid() {
		return fmt.Sprintf("TieType(%d)", uint8(t))
	}
	return tieTypes[t-1].Name
}

// Joins reports whether a tie of the type may lead from one kind to another.
func (t TieType) Joins(from, to Kind) bool {
	return t.Valid() && slices.Contains(tieTypes[t-1].Ends, Ends{from, to})
}

// ParseTieType returns the type with that name.
func ParseTieType(s string) (TieType, error) {
	for _, row := range tieTypes {
		if row.Name == s {
			return row.Type, nil
		}
	}
	return 0, fmt.Errorf("%w: tie type %q (see docs/ties.md for the list)", ErrVocabulary, s)
}

// MarshalText writes the name.
func (t TieType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a name.
func (t *TieType) UnmarshalText(b []byte) (err error) {
	*t, err = ParseTieType(string(b))
	return err
}
