package queries_test

import (
	"maps"
	"slices"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// refOwn is the reference of whose an institution is: the rule once more, asked of each
// institution upwards, where the code goes down from the targets. It reads the batch.
func refOwn(b graph.Batch, p worlds.Params, targets ...graph.ID) map[graph.ID]bool {
	ties := b.Normal().Ties
	stated := func(t graph.Tie) bool {
		return t.Confidence.Value >= 0.5 && t.Confidence.Rule != graph.RuleDefault
	}
	kinds, placeholder := map[graph.ID]graph.Kind{}, map[graph.ID]bool{}
	for _, n := range b.Nodes {
		kinds[n.ID], placeholder[n.ID] = n.Kind, slices.Equal(n.Props["placeholder"], []string{"true"})
	}
	// holds says whether a group is a target, or is struck with one as surely as counts.
	var holds func(group graph.ID, past []graph.ID) bool
	holds = func(group graph.ID, past []graph.ID) bool {
		if slices.Contains(past, group) {
			return false
		}
		return slices.Contains(targets, group) || slices.ContainsFunc(ties, func(t graph.Tie) bool {
			if t.Type == graph.PartOf && t.From == group && kinds[t.To] == graph.Institution {
				return p.Enrolled && stated(t) && slices.Contains(targets, t.To)
			}
			up := t.Type == graph.PartOf && p.SubGroups || t.Type == graph.WingOf && p.Wings
			return up && t.From == group && kinds[t.To] == graph.Group && stated(t) && holds(t.To, append(slices.Clone(past), group))
		})
	}
	var own func(body graph.ID, past []graph.ID) bool
	own = func(body graph.ID, past []graph.ID) bool {
		if slices.Contains(past, body) {
			return false
		}
		return slices.ContainsFunc(ties, func(t graph.Tie) bool {
			switch {
			case t.Confidence.Value == 0: // in no picture
				return false
			case t.Type == graph.Controls && t.To == body:
				return stated(t) && t.Weight.Known && t.Weight.Value > p.OwnShare && !slices.Equal(t.Props["form"], []string{"portfolio"}) && holds(t.From, nil)
			case t.Type == graph.PartOf && t.From == body && kinds[t.To] == graph.Institution:
				return slices.Equal(t.Props["class"], []string{"command"}) && own(t.To, append(slices.Clone(past), body))
			}
			return false
		})
	}
	out := map[graph.ID]bool{}
	for id, kind := range kinds {
		if kind == graph.Institution && !placeholder[id] && !slices.Contains(targets, id) && own(id, nil) {
			out[id] = true
		}
	}
	return out
}

// idsOf are those of a set, sorted, and refIDs those of a list; nil for none.
func idsOf(set map[graph.ID]bool) []graph.ID { return slices.Sorted(maps.Keys(set)) }

func refIDs(refs []queries.Ref) (ids []graph.ID) {
	for _, r := range refs {
		ids = append(ids, r.ID)
	}
	return ids
}

// countedOf is the mean number of institutions that a purge fractures, but for those that a
// question of several sets calls own.
func countedOf(r *queries.PurgeReport, own []queries.Ref) (mean float64) {
	for _, o := range r.Institutions {
		if !slices.Contains(refIDs(own), o.ID) {
			mean += o.Fractured.P
		}
	}
	return mean
}
