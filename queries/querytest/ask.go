package querytest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// question is an ask section: a picture and what is asked of it.
type question struct {
	options projection.Options
	input   queries.PurgeInput
}

func newQuestion() *question {
	return &question{
		options: projection.Options{AsOf: graph.DayOf(2020, 1, 1)},
		input:   queries.PurgeInput{Params: queries.DefaultParams(), Method: queries.Exact, Seed: 1},
	}
}

// set reads one key=value of an ask section.
func (q *question) set(word string) error {
	key, value, ok := strings.Cut(word, "=")
	if !ok {
		return fmt.Errorf("%q: want key=value", word)
	}
	if name, of, ok := strings.Cut(key, "."); ok {
		return q.table(name, of, value)
	}
	p := &q.input.Params
	switches := map[string][]*bool{
		"subGroups": {&p.SubGroups}, "wings": {&p.Wings}, "followers": {&p.Followers}, "associates": {&p.Associates},
		"rally": {&p.Rally}, "defection": {&p.Defection}, "contagion": {&p.Contagion},
		"response": {&p.Rally, &p.Defection, &p.Contagion}, "reach": {&p.SubGroups, &p.Wings},
	}
	shares := map[string]*float64{
		"solidarity": &p.Solidarity, "walkout": &p.Walkout, "loyalty": &p.Loyalty, "minCoverage": &p.MinCoverage,
		"parentShare": &p.ParentShare, "influenceShare": &p.InfluenceShare, "tieWeight": &p.TieWeight,
		"controlShare": &p.ControlShare, "sourceCorrelation": &p.SourceCorrelation, "minConfidence": &q.options.MinConfidence,
	}
	counts := map[string]*int{"bridge": &p.Bridge, "maxWaves": &p.MaxWaves, "samples": &q.input.Samples, "explain": &q.input.Explain}
	var err error
	switch {
	case switches[key] != nil:
		if value != "on" && value != "off" {
			return fmt.Errorf("%s=%s: want on or off", key, value)
		}
		for _, s := range switches[key] {
			*s = value == "on"
		}
	case shares[key] != nil:
		*shares[key], err = number(value)
	case counts[key] != nil:
		*counts[key], err = strconv.Atoi(value)
	case key == "targets":
		for id := range strings.SplitSeq(value, ",") {
			q.input.Targets = append(q.input.Targets, graph.ID(id))
		}
	case key == "asof":
		q.options.AsOf, err = graph.ParseDay(value)
	case key == "gap":
		q.options.Gap, err = graph.ParseGapPolicy(value)
	case key == "method":
		q.input.Method = queries.Method(value)
	case key == "seed":
		q.input.Seed, err = strconv.ParseUint(value, 10, 64)
	default:
		return fmt.Errorf("%q: nothing of that name can be asked", key)
	}
	return err
}

// table reads need.STAFF=0.6/…, posts.ministry=20 and strength.brigade=2500.
func (q *question) table(name, of, value string) error {
	p := &q.input.Params
	switch name {
	case "need":
		return q.need(of, value)
	case "posts", "strength":
		n, err := strconv.Atoi(value)
		prior := p.LeadingPosts
		if name == "strength" {
			prior = p.Headcount
		}
		prior[of] = n
		return err
	}
	return fmt.Errorf("%s.%s: want need, posts or strength", name, of)
}

// need reads SUPPORT, SUPPORT:type or SUPPORT@id with need,floor. A plain
// SUPPORT speaks for every type.
func (q *question) need(of, value string) error {
	r := &q.input.Params.Requirements
	support, typ, byType := strings.Cut(of, ":")
	support, id, byID := strings.Cut(support, "@")
	s, err := queries.ParseSupport(support)
	if err != nil {
		return err
	}
	low, high, ok := strings.Cut(value, ",")
	if !ok {
		return fmt.Errorf("need.%s=%s: want need,floor", of, value)
	}
	var q1 queries.Requirement
	if q1.Need, err = number(low); err != nil {
		return err
	}
	if q1.Floor, err = number(high); err != nil {
		return err
	}
	put := func(n queries.Needs) queries.Needs {
		if n == nil {
			n = queries.Needs{}
		}
		n[s] = q1
		return n
	}
	switch {
	case byID:
		if r.ByInstitution == nil {
			r.ByInstitution = map[graph.ID]queries.Needs{}
		}
		r.ByInstitution[graph.ID(id)] = put(r.ByInstitution[graph.ID(id)])
	case byType:
		r.ByType[typ] = put(r.ByType[typ])
	default:
		r.Default = put(r.Default)
		for _, n := range r.ByType {
			delete(n, s)
		}
	}
	return nil
}

func ids(words []string) []string {
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	return sorted
}
