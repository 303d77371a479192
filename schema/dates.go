package schema

import (
	"errors"
	"fmt"
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"entangle/graph"
	"entangle/schema/typed"
)

// period is the operand of during.
type period [2]graph.Day

var (
	dateScalar = textScalar("Date",
		"A full calendar date, such as 2020-08-24 (ISO 8601).",
		func(s string) (any, error) { return graph.ParseDay(s) })

	edtfScalar = textScalar("EDTF",
		"A partial date in EDTF (ISO 8601-2:2019) level 1: 2014, 2014-06, 2014-06-13, 201X, 2014?, or .. for “open: there is no such day”.",
		func(s string) (any, error) {
			if s == "" {
				return nil, errors.New("an empty date: leave it out, or ask isNull")
			}
			return graph.ParseDate(s)
		})

	intervalScalar = textScalar("Interval",
		"A period in EDTF level 1, such as 2014-06/2016, ../2009 or 2014: from the first possible day of the first date to the last possible day of the second.",
		parsePeriod)

	gapScalar = textScalar("GapPolicy",
		"The gap policy: which ties stand on a day if their dates leave it open. fading (the default): they do, in a question with a confidence that halves with the time to their nearest evidence. contiguous: they do. strict: they do not. extend:DAYS: they do from so many days before the first evidence to so many days after the last.",
		func(s string) (any, error) { return graph.ParseGapPolicy(s) })
)

// textScalar makes a scalar that is written as a string. What parse refuses is
// an error that says why.
func textScalar(name, help string, parse func(string) (any, error)) *graphql.Scalar {
	read := func(v any) any {
		s, ok := v.(string)
		if !ok {
			return errors.New("not a string")
		}
		out, err := parse(s)
		if err != nil {
			return err
		}
		return out
	}
	return graphql.NewScalar(graphql.ScalarConfig{
		Name: name, Description: help,
		Serialize: func(v any) any {
			if s, ok := v.(fmt.Stringer); ok {
				return s.String()
			}
			return v
		},
		ParseValue: read,
		ParseLiteral: func(v ast.Value) any {
			s, ok := v.(*ast.StringValue)
			if !ok {
				return errors.New("not a string")
			}
			return read(s.Value)
		},
	})
}

func parsePeriod(s string) (any, error) {
	from, to, found := strings.Cut(s, "/")
	if !found {
		to = from
	}
	p := period{graph.MinDay, graph.MaxDay}
	for i, text := range []string{from, to} {
		d, err := graph.ParseDate(text)
		switch {
		case err != nil:
			return nil, err
		case d.Unknown():
			return nil, fmt.Errorf("%w: %q (a period such as 2014-06/2016; an open side is ..)", graph.ErrDate, s)
		case d.Open():
		case i == 0:
			p[0] = d.Earliest
		default:
			p[1] = d.Latest
		}
	}
	if p[0] > p[1] {
		return nil, fmt.Errorf("%w: %q ends before it begins", graph.ErrDate, s)
	}
	return p, nil
}

// newPartialDate makes the output type of dates; its source is a graph.Date.
func newPartialDate() *graphql.Object {
	day := func(pick func(graph.Date) graph.Day) func(graph.Date) any {
		return func(d graph.Date) any {
			if !d.Known() {
				return nil
			}
			return pick(d)
		}
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "PartialDate",
		Description: "A date as far as it is known. A date of which nothing is known is null.",
		Fields: graphql.Fields{
			"edtf": typed.Field(graphql.NewNonNull(edtfScalar), "The date as the data writes it.", func(d graph.Date) any { return d }),
			"earliest": typed.Field(dateScalar, "The first day it may mean; null where the date is open.",
				day(func(d graph.Date) graph.Day { return d.Earliest })),
			"latest": typed.Field(dateScalar, "The last day it may mean; null where the date is open.",
				day(func(d graph.Date) graph.Day { return d.Latest })),
			"open":      typed.Field(graphql.NewNonNull(graphql.Boolean), "The date is “..”: there is no such day, an office is still held.", func(d graph.Date) any { return d.Open() }),
			"qualified": typed.Field(graphql.NewNonNull(graphql.Boolean), "The source gives it as uncertain (?) or approximate (~).", func(d graph.Date) any { return d.Qualified() }),
		},
	})
}

// dateOrNil is null for a date of which nothing is known.
func dateOrNil(d graph.Date) any {
	if d.Unknown() {
		return nil
	}
	return d
}
