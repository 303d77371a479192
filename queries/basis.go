package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// What an answer rests on. Each basis has enough to ask again: the picture of the
// data, then what more the question needs. What only that question has, such as its
// targets or a limit, stands in its report.

// What answers are conditional on. Nothing that is drawn says anything of how well the
// model fits the world.
const (
	ConditionalSampled = "Conditional on the model in docs/model.md and its parameters; the interval covers sampling error only."
	ConditionalExact   = "Conditional on the model in docs/model.md and its parameters; every world was gone through, so that within it the figures are exact."
	ConditionalRecord  = "Conditional on the record and the parameters: what is not on record counts as not there."
)

// Picture says which picture of the data an answer was asked of.
type Picture struct {
	// Version of the data, Hash of the picture: equal hashes, equal pictures.
	Version       graph.Version
	Hash          string
	AsOf          graph.Day
	Gap           graph.GapPolicy
	MinConfidence float64
	// EvidenceUntil is the last day of evidence, nil for none; claims that were made later
	// are not in the picture. HalfLives are those by which possible claims fade where the gap
	// policy says so, all of them.
	EvidenceUntil *graph.Day
	HalfLives     []graph.HalfLife
	// Nodes and Ties of the picture; of the ties, how many rest on the default
	// confidence and how many are possible, not certain, on the day.
	Nodes, Ties, DefaultedTies, PossibleTies int
	// OmittedTies are not in the picture: possible on the day too, they were left out
	// by the gap policy.
	OmittedTies int
	// DistantTies rest on dated evidence none of which is within DistantYears of the
	// day, UndatedTies on no date at all.
	DistantTies, UndatedTies, DistantYears int
	// FadedTies have less than their stated confidence for the age of their evidence. Of the
	// possible ones AgelessTies have nothing to tell an age by and stand whole;
	// StructuralTies are structure that nobody dated, which stands under every gap policy.
	FadedTies, AgelessTies, StructuralTies int
	// LaterTies rest on evidence alone that is later than the day. LateTies are not in the
	// picture: EvidenceUntil left them out. UntimedTies stayed because nothing says when they
	// were first told.
	LaterTies, LateTies, UntimedTies int
	// Missing is what of what was asked about is not on record on the day.
	Missing Missing
	// Conditional says in a sentence what the answer is conditional on.
	Conditional string
}

// RecordBasis is that of a question that draws no worlds.
type RecordBasis struct {
	Picture
	// Params are nil where the question has none.
	Params *worlds.Params
}

// DrawBasis is that of a question that draws worlds, or goes through all of them.
type DrawBasis struct {
	Picture
	worlds.Drawn
}

// Basis is that of a question that simulates purges.
type Basis struct {
	Picture
	worlds.Course
	Params worlds.Params
}

func pictureOf(s *projection.Snapshot, conditional string) Picture {
	o := s.Options()
	return Picture{
		Version: s.Version(), Hash: s.Hash(), AsOf: o.AsOf, Gap: o.Gap, MinConfidence: o.MinConfidence,
		Nodes: int(s.Len()), Ties: int(s.Ties()), DefaultedTies: s.Defaulted(), PossibleTies: s.PossibleTies(), OmittedTies: s.OmittedTies(),
		EvidenceUntil: o.EvidenceUntil.Last(), HalfLives: o.HalfLives.Rows(),
		FadedTies: s.FadedTies(), AgelessTies: s.AgelessTies(), StructuralTies: s.StructuralTies(),
		LaterTies: s.LaterTies(), LateTies: s.LateTies(), UntimedTies: s.UntimedTies(),
		DistantTies: s.DistantTies(), UndatedTies: s.UndatedTies(), DistantYears: o.DistantYears,
		Missing: Missing{NoRecord: s.Ties() == 0}, Conditional: conditional,
	}
}

func recordBasis(s *projection.Snapshot, p *worlds.Params) RecordBasis {
	return RecordBasis{Picture: pictureOf(s, ConditionalRecord), Params: p}
}

// drawBasis is that of an answer from some worlds, or from all.
func drawBasis(s *projection.Snapshot, how worlds.Drawn) DrawBasis {
	return DrawBasis{Picture: drawnPicture(s, &how), Drawn: how}
}

func drawnPicture(s *projection.Snapshot, how *worlds.Drawn) Picture {
	if how.Exact() {
		return pictureOf(s, ConditionalExact)
	}
	return pictureOf(s, ConditionalSampled)
}

// basisOf is what an answer rests on that simulated purges of a model.
func basisOf(c *worlds.Course, m *worlds.Model) Basis {
	return Basis{Picture: drawnPicture(m.Snapshot, &c.Drawn), Course: *c, Params: m.Params}
}
