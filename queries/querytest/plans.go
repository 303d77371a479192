package querytest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/queries"
)

// frontier asks how far a purge can go.
type frontier struct {
	scenario
	in queries.FrontierInput
}

func (q *frontier) keys() map[string]any {
	return joined(q.planKeys(), map[string]any{
		"groups": &q.in.Groups, "tolerance": &q.in.Tolerance, "threshold": &q.in.Threshold, "beam": &q.in.Beam, "search": &q.in.Search,
		"benefit": q.benefit,
	})
}

// benefit reads benefit.group=3.
func (q *frontier) benefit(of, value string) error {
	v, err := number(value)
	if q.in.Benefit == nil {
		q.in.Benefit = map[graph.ID]float64{}
	}
	q.in.Benefit[graph.ID(of)] = v
	return err
}

func (q *frontier) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Params, q.in.Draw, q.in.Weights = q.params, q.draw, q.weights
	r, err := queries.Frontier(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	for _, g := range r.Groups {
		hits := strings.Join(names(g.Hits, func(r queries.Risk) string { return idOf(r.Ref) }), ",")
		a.add(idOf(g.Ref), map[string]any{"benefit": g.Benefit, "expected": g.Expected.Value, "ownExpected": g.OwnExpected.Value, "free": g.Free, "hits": hits})
	}
	safe := point(&r.Safe)
	safe["bound"], safe["optimality"] = r.SafeBound, r.SafeOptimality
	a.add("safe", safe)
	for name, points := range map[string][]queries.FrontierPoint{"any": r.Any, "curve": r.Curve} {
		for i := range points {
			a.add(fmt.Sprint(name, " ", i+1), point(&points[i]))
		}
		a.ranked(name+"Sets", names(points, func(p queries.FrontierPoint) string { return group(p.Groups) }))
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{"optimality": r.CurveOptimality, "omitted": r.Omitted, "sets": r.Sets}))
	return a, nil
}

func point(p *queries.FrontierPoint) map[string]any {
	price := "none"
	if p.Price != nil {
		price = strconv.FormatFloat(*p.Price, 'g', -1, 64)
	}
	return map[string]any{
		"groups": group(p.Groups), "benefit": p.Benefit, "any": p.Any, "searched": p.Searched, "expected": p.Expected.Value,
		"low": p.Expected.Low, "high": p.Expected.High, "ownExpected": p.OwnExpected.Value,
		"verdict": p.Verdict, "supported": p.Supported, "price": price,
	}
}

// stage asks in which order to purge.
type stage struct {
	scenario
	in    queries.StageInput
	limit float64
}

func (q *stage) keys() map[string]any {
	return joined(q.planKeys(), q.targetKeys(), map[string]any{
		"recovery": &q.in.Recovery, "budget": &q.in.Budget, "search": &q.in.Search,
		"limit": func(value string) (err error) {
			q.in.Limit = &q.limit
			q.limit, err = number(value)
			return err
		},
		"recoveryOf": func(of, value string) (err error) {
			if q.in.RecoveryByType == nil {
				q.in.RecoveryByType = map[string]int{}
			}
			q.in.RecoveryByType[of], err = strconv.Atoi(value)
			return err
		},
	})
}

func (q *stage) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Targets, q.in.Params, q.in.Draw, q.in.Weights = q.targets, q.params, q.draw, q.weights
	r, err := queries.Stage(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("order", names(r.Stages, func(o queries.StageOutcome) string { return idOf(o.Target) }))
	for i, o := range r.Stages {
		f := map[string]any{
			"target": idOf(o.Target), "expected": o.Expected.Value, "low": o.Expected.Low, "high": o.Expected.High, "verdict": o.Verdict,
			"ownExpected": o.OwnExpected.Value,
		}
		for _, risk := range o.Risks {
			f[idOf(risk.Ref)] = risk.Fractured.P
		}
		a.rows[fmt.Sprint("stage ", i+1)] = row{f, func(string) (any, bool) { return 0, true }}
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{
		"peak": r.Peak.Value, "ownAtOnce": r.OwnAtOnce.Value, "peakStage": r.PeakStage, "bound": r.Bound, "searched": r.Searched, "optimality": r.Optimality,
		"asGiven": r.AsGiven.Value, "atOnce": r.AtOnce.Value, "orderMatters": r.OrderMatters, "runs": r.Runs,
		"verdict": r.Verdict, "abort": stageNumber(r.Abort), "unclear": stageNumber(r.Unclear),
	}))
	return a, nil
}

// stageNumber is that of a stage, none for no stage.
func stageNumber(n *int) string {
	if n == nil {
		return "none"
	}
	return strconv.Itoa(*n)
}

// insure asks what to have in place before a purge.
type insure struct {
	scenario
	in queries.InsureInput
}

func (q *insure) keys() map[string]any {
	return joined(q.planKeys(), q.targetKeys(), map[string]any{
		"limit": &q.in.Limit, "level": &q.in.Level, "size": &q.in.Size, "search": &q.in.Search,
		"kinds": func(value string) error {
			for k := range strings.SplitSeq(value, ",") {
				q.in.Kinds = append(q.in.Kinds, queries.MeasureKind(k))
			}
			return nil
		},
	})
}

func (q *insure) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Targets, q.in.Params, q.in.Draw, q.in.Weights = q.targets, q.params, q.draw, q.weights
	r, err := queries.Insure(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	name := func(o queries.Option) string { return string(o.Kind) + ":" + idOf(o.Node) }
	a.ranked("measures", names(r.Measures, func(m queries.MeasureTaken) string { return name(m.Option) }))
	for i, m := range r.Measures {
		a.add(fmt.Sprint("measure ", i+1), map[string]any{"tail": m.TailAfter.Value, "expected": m.ExpectedAfter.Value, "ownExpected": m.OwnExpectedAfter.Value})
	}
	a.ranked("options", names(r.Options, name))
	for _, o := range r.Options {
		a.add(name(o), map[string]any{"happens": o.Happens.P, "tail": o.Tail.Value, "expected": o.Expected.Value, "institution": idOf(o.Institution)})
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{
		"tail": r.Tail.Value, "expected": r.Expected.Value, "ownExpected": r.OwnExpected.Value, "searched": r.Searched, "verdict": r.Verdict,
		"optimality": r.Optimality, "options": r.OptionCount, "sets": r.Sets,
	}))
	return a, nil
}
