// The table of parameters that are one number or one switch. GraphQL, the command line,
// text cases, the screening of sensitivity and the page of the model read it. In the code a
// parameter more is a field of Params, its default and a row here; CONTRIBUTING.md has the
// rest.
//
// Invariant: each number and switch of Params has one row, of its name, that leads to it.

package worlds

import (
	"fmt"
	"math"
	"strconv"
)

// Parameter is a row of the table.
type Parameter struct {
	// Name is that of GraphQL; Help says in a sentence what it is.
	Name, Help string
	// Of returns the field of it: a *bool, *int or *float64.
	Of func(p *Params) any
	// Low and High are the least and the largest that a number may be.
	Low, High float64
	// Vary is between which values a screening of sensitivity moves it unless told
	// otherwise, a convention like the default; nil where it leaves it as it is.
	Vary *[2]float64
}

// Parameters returns the table, in the order of the model: what a purge reaches, how
// others respond, what stands in where the data is silent.
func Parameters() []Parameter { return parameters }

// Switch says that the parameter is on or off and no number.
func (p Parameter) Switch() bool {
	_, is := p.Of(new(Params)).(*bool)
	return is
}

// Set gives a parameter that is a number a value, rounded where it is a whole number.
func (p Parameter) Set(params *Params, value float64) {
	switch field := p.Of(params).(type) {
	case *int:
		*field = int(math.Round(value))
	case *float64:
		*field = value
	}
}

// check fails for a value out of range.
func (p Parameter) check(params *Params) error {
	var value float64
	var text string
	switch field := p.Of(params).(type) {
	case *int:
		value, text = float64(*field), strconv.Itoa(*field)
	case *float64:
		value, text = *field, fmt.Sprintf("%g", *field)
	default:
		return nil
	}
	if value >= p.Low && value <= p.High { // false of what is no number
		return nil
	}
	return fmt.Errorf("%w: %s %s is outside %g to %g", ErrInput, p.Name, text, p.Low, p.High)
}

func between(low, high float64) *[2]float64 { return &[2]float64{low, high} }

var parameters = []Parameter{
	{Name: "subGroups", Of: func(p *Params) any { return &p.SubGroups }, Help: "Groups that are part of a struck group are struck."},
	{Name: "wings", Of: func(p *Params) any { return &p.Wings }, Help: "Wings of a struck group are struck."},
	{Name: "followers", Of: func(p *Params) any { return &p.Followers }, Help: "Persons loyal to a struck group are lost with it."},
	{Name: "associates", Of: func(p *Params) any { return &p.Associates }, Help: "Known associates of target persons are lost with them."},
	{
		Name: "fromWeight", Of: func(p *Params) any { return &p.FromWeight }, High: 1,
		Help: "Above 0 a strike at a group takes only posts of at least this weight, 0–1, from its members, who are not lost themselves.",
	},
	{Name: "enrolled", Of: func(p *Params) any { return &p.Enrolled }, Help: "Groups that are part of an institution that is disbanded are struck."},
	{Name: "rally", Of: func(p *Params) any { return &p.Rally }, Help: "Allies of a struck or rallied group may join it."},
	{
		Name: "solidarity", Of: func(p *Params) any { return &p.Solidarity }, High: 1, Vary: between(0.25, 0.75),
		Help: "The chance of a rally by an alliance of full weight, 0–1.",
	},
	{
		Name: "walkout", Of: func(p *Params) any { return &p.Walkout }, High: 1, Vary: between(0.25, 0.75),
		Help: "The chance, 0–1, that a member of a rallied group walks out, and that a body or stream it holds leaves.",
	},
	{
		Name: "cutProvokes", Of: func(p *Params) any { return &p.CutProvokes }, High: 1,
		Help: "The chance, 0–1, that a group rallies that holds the whole of a revenue stream that is cut; less in proportion of a share.",
	},
	{
		Name: "switchover", Of: func(p *Params) any { return &p.Switchover }, High: 1,
		Help: "The chance, 0–1, that an ally sides with the state instead of rallying where a rival of its own is struck or has rallied, for a rivalry of full weight; 0 switches it off.",
	},
	{Name: "defection", Of: func(p *Params) any { return &p.Defection }, Help: "Kin, associates and followers of lost persons, and followers of struck groups, may leave."},
	{
		Name: "loyalty", Of: func(p *Params) any { return &p.Loyalty }, High: 1, Vary: between(0.1, 0.5),
		Help: "The chance of a defection by a tie of full weight, 0–1.",
	},
	{Name: "contagion", Of: func(p *Params) any { return &p.Contagion }, Help: "Fractured institutions count as gone for those that depend on them."},
	{
		Name: "minCoverage", Of: func(p *Params) any { return &p.MinCoverage }, High: 1, Vary: between(0, 0.3),
		Help: "Share of an institution's leading posts that must be on record; otherwise the records of posts are ignored, 0–1.",
	},
	{
		Name: "bridge", Of: func(p *Params) any { return &p.Bridge }, High: maxBridge, Vary: between(0, 3),
		Help: "Number of posts in a row that may be vacant in a line of command that still holds.",
	},
	{
		Name: "deputyShare", Of: func(p *Params) any { return &p.DeputyShare }, High: 1, Vary: between(0, 0.8),
		Help: "The share of a vacated post's work that its deputy does, 0–1. A deputy holds a post in the same institution that reports to the vacated one. 0: nobody stands in.",
	},
	{
		Name: "parentShare", Of: func(p *Params) any { return &p.ParentShare }, High: 1, Vary: between(0, 0.5),
		Help: "Share of an institution's work that its parent provides, 0–1.",
	},
	{
		Name: "influenceShare", Of: func(p *Params) any { return &p.InfluenceShare }, High: 1, Vary: between(0, 0.5),
		Help: "The weight of an influence relative to control, 0–1.",
	},
	{
		Name: "tieWeight", Of: func(p *Params) any { return &p.TieWeight }, High: 1, Vary: between(0.25, 0.75),
		Help: "The weight of an alliance, loyalty, kinship, association or influence that states none, 0–1.",
	},
	{
		Name: "controlShare", Of: func(p *Params) any { return &p.ControlShare }, High: 1, Vary: between(0.25, 0.75),
		Help: "The share of a CONTROLS claim that states none, 0–1.",
	},
	{
		Name: "ownShare", Of: func(p *Params) any { return &p.OwnShare }, High: 1,
		Help: "An institution is a target's own if a claim gives the target a stated share of it above this, 0–1; its fracture is counted apart. 1: nothing is anybody's own.",
	},
	{
		Name: "sourceCorrelation", Of: func(p *Params) any { return &p.SourceCorrelation }, High: 1, Vary: between(0, 0.5),
		Help: "The chance, 0–1, that an uncertain tie stands or falls with its first source instead of by itself; 0 draws every tie independently.",
	},
	{
		Name: "maxWaves", Of: func(p *Params) any { return &p.MaxWaves }, High: maxWaves,
		Help: "The largest number of waves of response; an answer that was cut off there is not converged.",
	},
}
