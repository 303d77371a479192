package querytest

import (
	"context"
	"fmt"
	"strings"

	"entangle/queries"
)

// verify asks which doubtful tie is most worth checking.
type verify struct {
	scenario
	in queries.VerifyInput
}

func (q *verify) keys() map[string]any {
	return joined(q.purgeKeys(), map[string]any{"institution": &q.in.Institution, "ties": &q.in.Ties})
}

func (q *verify) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Targets, q.in.Params, q.in.Draw = q.targets, q.params, q.draw
	r, err := queries.Verify(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("ranked", names(r.Ties, func(t queries.DoubtfulTie) string { return string(t.Tie) }))
	for _, t := range r.Ties {
		a.add(string(t.Tie), map[string]any{
			"confidence": t.Confidence, "defaulted": t.Defaulted, "ifTrue": t.IfTrue.Value, "ifFalse": t.IfFalse.Value,
			"importance": t.Importance.Value, "shift": t.Shift.Value, "explained": t.Explained.Value,
		})
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{
		"now": r.Now.Value, "ownMean": r.OwnFractured.Value, "variance": r.Variance.Value, "doubtful": r.Doubtful, "undecided": r.Undecided,
	}))
	return a, nil
}

// sensitivity asks which parameters the answer hangs on. vary.NAME=low..high varies
// one; where none is set, those of the service are.
type sensitivity struct {
	scenario
	in queries.SensitivityInput
}

func (q *sensitivity) keys() map[string]any {
	return joined(q.purgeKeys(), map[string]any{
		"institution": &q.in.Institution, "trajectories": &q.in.Trajectories, "levels": &q.in.Levels, "vary": q.vary,
	})
}

func (q *sensitivity) vary(name, value string) error {
	low, high, ok := strings.Cut(value, "..")
	if !ok {
		return fmt.Errorf("vary.%s=%s: want low..high", name, value)
	}
	f := queries.Factor{Name: name}
	var err error
	if f.Low, err = number(low); err != nil {
		return err
	}
	f.High, err = number(high)
	q.in.Factors = append(q.in.Factors, f)
	return err
}

func (q *sensitivity) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Targets, q.in.Params, q.in.Draw = q.targets, q.params, q.draw
	r, err := queries.Sensitivity(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("ranked", names(r.Effects, func(e queries.Effect) string { return e.Name }))
	for _, e := range r.Effects {
		a.add(e.Name, map[string]any{"mu": e.Mu.Value, "muStar": e.MuStar.Value, "muStarLow": e.MuStar.Low, "muStarHigh": e.MuStar.High, "sigma": e.Sigma.Value, "low": e.Low, "high": e.High})
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{"given": r.Given.Value, "ownMean": r.OwnFractured.Value, "runs": r.Runs}))
	return a, nil
}

// worstCase asks what as many losses could have done.
type worstCase struct{ scenario }

func (q *worstCase) keys() map[string]any {
	return joined(q.pictureKeys(), q.targetKeys(), q.modelKeys())
}

func (q *worstCase) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	r, err := queries.WorstCase(ctx, s, queries.WorstCaseInput{Targets: q.targets, Params: q.params})
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.add("answer", record(&r.Basis.Picture, nil))
	a.set("purged", names(r.Purged, idOf))
	a.ranked("worst", names(r.Worst, idOf))
	for name, n := range map[string]queries.NetworkState{"before": r.Before, "afterPurge": r.AfterPurge, "afterWorst": r.AfterWorst} {
		a.add(name, network(&n))
	}
	return a, nil
}
