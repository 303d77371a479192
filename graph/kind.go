package graph

import (
	"fmt"
	"strings"
)

// Kind says what a node is.
type Kind uint8

// The kinds of node.
const (
	Person Kind = iota + 1
	Group
	Institution
	Post
	Place
	RevenueStream
	Event
	Source
)

// KindInfo is one row of the table of node kinds.
type KindInfo struct {
	Kind Kind
	// Name is the label of the kind: a GraphQL type name, a Neo4j label.
	Name string
	// Plural is the GraphQL root field that lists the kind.
	Plural string
	// Types are the values known for the node's set of types. Other values are
	// accepted: the list guides people, it does not bind data.
	Types []string
	// Props are the fields a node of the kind may carry besides its names.
	Props []PropSpec
	// Help says in one sentence what the kind is.
	Help string
}

var kinds = []KindInfo{
	{
		Kind: Person, Name: "Person", Plural: "people",
		Help: "A human being in public life.",
		Props: []PropSpec{
			{Name: "born", Type: DateProp, Help: "Date of birth, EDTF."},
			{Name: "died", Type: DateProp, Help: "Date of death, EDTF."},
			{Name: "gender", Type: StringProp, Help: "Gender as the source states it."},
			{Name: "country", Type: StringProp, Help: "ISO 3166-1 alpha-2 code of the country whose public life the person is part of."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Group, Name: "Group", Plural: "groups",
		Help: "An organised body that is not of the state: armed group, party, bloc, umbrella, tribe, company. Its types are a set: a body that is armed group and party is one node.",
		Types: []string{
			"armed_group", "party", "bloc", "umbrella", "tribe", "company", "committee", "movement", "foundation",
		},
		Props: []PropSpec{
			{Name: "country", Type: StringProp, Help: "ISO 3166-1 alpha-2 code."},
			{Name: "founded", Type: DateProp, Help: "Date of foundation, EDTF."},
			{Name: "dissolved", Type: DateProp, Help: "Date of dissolution, EDTF."},
			{Name: "strength", Type: IntProp, Min: 0, Help: "Reported number of fighters or members."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Institution, Name: "Institution", Plural: "institutions",
		Help: "A body of a state: ministry, command, office, agency, unit, commission, legislature, court, government. A foreign government or its organ is an institution of another country.",
		Types: []string{
			"ministry", "command", "office", "agency", "unit", "commission", "legislature", "court", "government", "bank", "council", "zone_security", "foreign_organ",
		},
		Props: []PropSpec{
			{Name: "country", Type: StringProp, Help: "ISO 3166-1 alpha-2 code."},
			{Name: "echelon", Type: StringProp, Help: "Military echelon, such as brigade or division."},
			{Name: "branch", Type: StringProp, Help: "Branch of service."},
			{Name: "strength", Type: IntProp, Min: 0, Help: "Headcount."},
			{Name: "authorisedPosts", Type: IntProp, Min: 0, Help: "Number of posts by statute or organisation chart, where known; coverage is measured against it."},
			{Name: "founded", Type: DateProp, Help: "Date of foundation, EDTF."},
			{Name: "dissolved", Type: DateProp, Help: "Date of dissolution, EDTF."},
			{Name: "placeholder", Type: BoolProp, Help: "A placeholder for an unknown or unnamed unit, which only holds a tree together. It is not judged in a purge."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Post, Name: "Post", Plural: "posts",
		Help: "A seat in an institution, filled or vacant.",
		Props: []PropSpec{
			{Name: "title", Type: StringProp, Help: "Official title."},
			{Name: "rank", Type: StringProp, Help: "Rank that goes with the seat."},
			{Name: "weight", Type: FloatProp, Min: 0, Max: 1, Bounded: true, Help: "Share of the institution's work that depends on the post, 0–1, relative to its other posts; 1 where unknown."},
			{Name: "statutory", Type: BoolProp, Help: "The seat is established by law."},
			{Name: "seats", Type: IntProp, Min: 1, Help: "Number of like seats, 1 where unknown."},
			{Name: "vacantSince", Type: DateProp, Help: "Since when the post is stated to be vacant, EDTF; a tenure on record that begins later ends it."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Place, Name: "Place", Plural: "places",
		Help:  "A zone, governorate, crossing or base.",
		Types: []string{"zone", "governorate", "district", "city", "crossing", "base", "area", "constituency", "country"},
		Props: []PropSpec{
			{Name: "lat", Type: FloatProp, Min: -90, Max: 90, Bounded: true, Help: "Latitude, degrees north, WGS 84."},
			{Name: "lon", Type: FloatProp, Min: -180, Max: 180, Bounded: true, Help: "Longitude, degrees east, WGS 84."},
			{Name: "country", Type: StringProp, Help: "ISO 3166-1 alpha-2 code."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: RevenueStream, Name: "RevenueStream", Plural: "revenueStreams",
		Help:  "Customs, levy, contract, budget line or smuggling.",
		Types: []string{"customs", "levy", "contract", "budget", "smuggling"},
		Props: []PropSpec{
			{Name: "amountMin", Type: FloatProp, Min: 0, Help: "Lower bound of the amount a period, in the currency."},
			{Name: "amountMax", Type: FloatProp, Min: 0, Help: "Upper bound of the amount a period, in the currency."},
			{Name: "currency", Type: StringProp, Help: "ISO 4217 code."},
			{Name: "period", Type: StringProp, Help: "Period the amount refers to, such as year or month."},
			{Name: "country", Type: StringProp, Help: "ISO 3166-1 alpha-2 code."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Event, Name: "Event", Plural: "events",
		Help:  "A raid, killing, appointment, dismissal, designation or order.",
		Types: []string{"raid", "killing", "appointment", "dismissal", "designation", "order", "detention", "attack", "foundation", "nomination", "law", "election", "statement", "blockade", "term", "confidence_vote", "meeting", "agreement", "handover"},
		Props: []PropSpec{
			{Name: "date", Type: DateProp, Help: "When it happened, EDTF."},
			{Name: "ended", Type: DateProp, Help: "When it ended, EDTF, where it lasted."},
			{Name: "seats", Type: IntProp, Min: 1, Help: "Of a vote: seats of the body that voted."},
			{Name: "present", Type: IntProp, Min: 0, Help: "Of a vote: members who were present."},
			{Name: "votesFor", Type: IntProp, Min: 0, Help: "Of a vote: votes for it, where they were counted."},
			{Name: "votesAgainst", Type: IntProp, Min: 0, Help: "Of a vote: votes against it, where they were counted."},
			{Name: "abstained", Type: IntProp, Min: 0, Help: "Of a vote: members present who did not vote either way, where they were counted."},
			{Name: "majority", Type: IntProp, Min: 1, Help: "Of a vote: votes that it takes to pass."},
			{Name: "summary", Type: StringProp, Help: "One or two attributive sentences."},
		},
	},
	{
		Kind: Source, Name: "Source", Plural: "sources",
		Help:  "An article, report, gazette or dataset that claims rest on.",
		Types: []string{"article", "report", "gazette", "dataset", "book", "document"},
		Props: []PropSpec{
			{Name: "publisher", Type: StringProp, Help: "Who published it."},
			{Name: "title", Type: StringProp, Help: "Its title."},
			{Name: "date", Type: DateProp, Help: "Date of publication, EDTF."},
			{Name: "describesDate", Type: BoolProp, Help: "It describes the state of things at its date, as a roster or a chart of offices does: what it says was so on that day."},
			{Name: "url", Type: StringProp, Help: "Where it stands."},
			{Name: "archiveUrl", Type: StringProp, Help: "Where a copy is kept."},
			{Name: "reliability", Type: StringProp, Enum: reliabilityLetters(), Help: "Admiralty reliability of the source, A–F; F is “cannot be judged”, not a low grade."},
			{Name: "licence", Type: StringProp, Help: "Licence of a dataset."},
			{Name: "summary", Type: StringProp, Help: "What it is, in a sentence."},
		},
	},
}

// Kinds returns the table of node kinds in its order. The caller must not
// change it.
func Kinds() []KindInfo { return kinds }

// Info returns the row of k. It panics on a value that is no kind: kinds come
// from ParseKind or the constants.
func (k Kind) Info() KindInfo { return kinds[k-1] }

// Valid reports whether k is a row of the table.
func (k Kind) Valid() bool { return k >= 1 && int(k) <= len(kinds) }

// String returns the kind's label, such as "Person".
func (k Kind) String() string {
	if !k.Valid() {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kinds[k-1].Name
}

// ParseKind returns the kind with that label.
func ParseKind(s string) (Kind, error) {
	for _, row := range kinds {
		if row.Name == s {
			return row.Kind, nil
		}
	}
	return 0, fmt.Errorf("%w: node kind %q (one of %s)", ErrVocabulary, s, kindNames())
}

// MarshalText writes the label.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a label.
func (k *Kind) UnmarshalText(b []byte) (err error) {
	*k, err = ParseKind(string(b))
	return err
}

func kindNames() string {
	names := make([]string, len(kinds))
	for i, row := range kinds {
		names[i] = row.Name
	}
	return strings.Join(names, ", ")
}
