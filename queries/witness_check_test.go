package queries_test

import (
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/queries"
)

// checkWitnesses returns what is wrong with the witnesses of an answer: they
// have causes of a share between 0 and 1 and paths that lead without a gap from
// a target to the institution.
func checkWitnesses(r *queries.PurgeReport) []string {
	var out []string
	for _, o := range r.Institutions {
		if o.Why == nil {
			continue
		}
		if len(o.Why.Failed) == 0 {
			out = append(out, fmt.Sprintf("%s: witness without a failed support", o.ID))
		}
		for _, f := range o.Why.Failed {
			name := fmt.Sprintf("%s %s", o.ID, f.Support)
			if len(f.Causes) == 0 {
				out = append(out, name+": no cause")
			}
			for _, c := range f.Causes {
				if !(c.Share > 0 && c.Share <= 1+1e-9) {
					out = append(out, fmt.Sprintf("%s: cause %s has share %g", name, c.Lost.ID, c.Share))
				}
				if problem := checkPath(c.Path, r.Targets, o.ID); problem != "" {
					out = append(out, fmt.Sprintf("%s: cause %s: %s: %v", name, c.Lost.ID, problem, c.Path))
				}
			}
		}
	}
	return out
}

func checkPath(path []queries.Step, targets []queries.Ref, end graph.ID) string {
	if len(path) == 0 {
		return "no path"
	}
	if !slices.ContainsFunc(targets, func(t queries.Ref) bool { return t.ID == path[0].From.ID }) {
		return "the path does not begin at a target"
	}
	for i, step := range path[1:] {
		if step.From.ID != path[i].To.ID {
			return "the path has a gap"
		}
	}
	if path[len(path)-1].To.ID != end {
		return "the path does not end at the institution"
	}
	return ""
}
