package querytest

import (
	"context"
	"fmt"
	"strings"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// exposure asks what of institutions hangs on which groups.
type exposure struct {
	scenario
	in queries.ExposureInput
}

func (q *exposure) keys() map[string]any {
	return joined(q.pictureKeys(), q.modelKeys(), map[string]any{"nodes": &q.in.Nodes, "minShare": &q.in.MinShare})
}

func (q *exposure) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Params, q.in.Evidence = q.params, 1000
	r, err := queries.ExposureOf(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("pairs", names(r.Pairs, func(e queries.Exposure) string { return idOf(e.Group) + "+" + idOf(e.Institution) }))
	a.set("placeholders", names(r.Placeholders, idOf))
	for _, e := range r.Pairs {
		for i, way := range e.Evidence {
			f := map[string]any{"lost": idOf(way.Lost)}
			for _, x := range way.Supports {
				f[x.Support.String()], f[x.Support.String()+".counts"] = x.Share, x.Counts
			}
			a.add(fmt.Sprintf("%s %s way %d", idOf(e.Group), idOf(e.Institution), i+1), f)
		}
		f := map[string]any{"largest": e.Largest}
		for _, sh := range e.Shares {
			name := sh.Support.String()
			f[name], f[name+".records"], f[name+".claims"] = sh.Share, sh.Records, sh.Claims
		}
		a.rows[idOf(e.Group)+" "+idOf(e.Institution)] = row{f, nothing}
	}
	a.add("answer", record(&r.Basis.Picture, map[string]any{"leftOut": r.LeftOut}))
	return a, nil
}

// footholds asks on what one can rely.
type footholds struct {
	scenario
	in queries.FootholdsInput
}

func (q *footholds) keys() map[string]any {
	return joined(q.pictureKeys(), q.modelKeys(), q.drawKeys(), map[string]any{"office": &q.in.Office, "groups": &q.in.Groups, "institutions": &q.in.Institutions})
}

func (q *footholds) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Params, q.in.Draw = q.params, q.draw
	r, err := queries.FootholdsIn(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("institutions", names(r.Institutions, func(f queries.Foothold) string { return idOf(f.Ref) }))
	a.set("silent", names(r.Silent, idOf))
	for _, f := range r.Institutions {
		a.add(idOf(f.Ref), map[string]any{
			"RELIED": f.Relied.Value, "TIED": f.Tied.Value, "THROUGH": f.Through.Value, "NOLINE": f.NoLine.Value,
			"LEAST": f.Least.Value, "low": f.Relied.Low, "high": f.Relied.High, "data": f.Data.P, "some": f.Some.P, "coverage": f.Coverage, "backers": len(f.Backers),
		})
	}
	a.add("answer", basis(&r.Basis))
	return a, nil
}

// nothing is the share of a support that is not listed.
func nothing(key string) (any, bool) {
	_, err := worlds.ParseSupport(key)
	return 0, err == nil
}

// paths asks how two nodes hang together.
type paths struct {
	scenario
	in queries.PathsInput
}

func (q *paths) keys() map[string]any {
	return joined(q.pictureKeys(), q.drawKeys(), map[string]any{
		"from": &q.in.From, "to": &q.in.To, "maxHops": &q.in.MaxHops, "first": &q.in.Limit,
		"types": func(value string) error {
			for name := range strings.SplitSeq(value, ",") {
				t, err := graph.ParseTieType(name)
				if err != nil {
					return err
				}
				q.in.Types = append(q.in.Types, t)
			}
			return nil
		},
	})
}

func (q *paths) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Draw = q.draw
	r, err := queries.PathsBetween(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	var ways []string
	for i, p := range r.Paths {
		met := []string{idOf(r.From)}
		for _, step := range p.Steps {
			met = append(met, idOf(step.To))
		}
		way := strings.Join(met, ",")
		ways = append(ways, way)
		a.add(fmt.Sprint("path ", i+1), map[string]any{"confidence": p.Confidence, "hops": len(p.Steps), "way": way})
	}
	a.ranked("ways", ways)
	a.add("answer", record(&r.Basis.Picture, map[string]any{"connected": r.Connected.P, "method": r.Basis.Method, "samples": r.Basis.Samples}))
	return a, nil
}

// changes asks what changed between two days.
type changes struct {
	scenario
	from, to graph.Day
	in       queries.ChangesInput
}

func (q *changes) keys() map[string]any {
	return joined(q.viewKeys(), q.modelKeys(), map[string]any{"from": &q.from, "to": &q.to, "nodes": &q.in.Nodes})
}

func (q *changes) ask(ctx context.Context, take picture) (*answer, error) {
	older, newer := q.options, q.options
	older.AsOf, newer.AsOf = q.from, q.to
	before, err := take(older)
	if err != nil {
		return nil, err
	}
	after, err := take(newer)
	if err != nil {
		return nil, err
	}
	q.in.Params = q.params
	r, err := queries.Changes(ctx, before, after, q.in)
	if err != nil {
		return nil, err
	}
	return changed(r), nil
}

func changed(r *queries.ChangesReport) *answer {
	a := newAnswer()
	a.missing(&r.From.Picture, &r.To.Picture)
	var came, went, began, ended []string
	holding := func(h queries.Holding) string { return idOf(h.Person) + "+" + idOf(h.Post) }
	for _, t := range r.Institutions {
		came = append(came, names(t.Came, holding)...)
		went = append(went, names(t.Went, holding)...)
	}
	for _, t := range r.Ties {
		name := fmt.Sprintf("%s+%s+%s", t.From.ID, t.Type, t.To.ID)
		if t.Began {
			began = append(began, name)
		} else {
			ended = append(ended, name)
		}
	}
	a.set("came", came)
	a.set("went", went)
	a.set("began", began)
	a.set("ended", ended)
	a.ranked("pairs", names(r.Exposures, func(e queries.ExposureChange) string { return idOf(e.Group) + "+" + idOf(e.Institution) }))
	for _, e := range r.Exposures {
		f := map[string]any{"largest": e.Largest}
		for _, sh := range e.Shares {
			f[sh.Support.String()+".before"], f[sh.Support.String()+".after"] = sh.Before, sh.After
		}
		a.add(idOf(e.Group)+" "+idOf(e.Institution), f)
	}
	c := r.Counts
	a.add("answer", map[string]any{
		"noRecord": r.From.Missing.NoRecord && r.To.Missing.NoRecord,
		"came":     c.Came, "went": c.Went, "began": c.Began, "ended": c.Ended, "rose": c.Rose, "fell": c.Fell,
	})
	return a
}
