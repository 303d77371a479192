package graph

import (
	"maps"
	"reflect"
	"slices"
)

// Who observes a change is told by one marking, the lowest clearance under which a reading
// before the change differs from one after it. Whoever is cleared for more observes the change
// too: a wider clearance shows all that a lower one shows, ties and citations included.

// Nobody is above every clearance: the change that Nobody observes shows in no reading.
const Nobody = Red + 1

// ObservedNode returns the lowest clearance that observes a change of one node, Nobody where
// none does. before is nil for a new node, after for one that goes. A property without values
// counts as absent.
//
// marking tells the marking of every node after the change; it is asked for the sources that
// are cited, where nothing but citations differs. A change of a source's own marking moves
// citations of it in readings that show the source before or after: ObservedNode of the source
// tells those, so the lowest over all that a commit changes is exact, while that of one node
// alone is not.
func ObservedNode(before, after *Node, marking func(ID) Marking) Marking {
	switch {
	case before == nil && after == nil:
		return Nobody
	case before == nil:
		return after.Marking
	case after == nil:
		return before.Marking
	case !sameNode(*before, *after):
		return min(before.Marking, after.Marking)
	}
	return observedCitations(before.Citations, after.Citations, after.Marking, marking)
}

// ObservedTie returns the lowest clearance that observes a change of one tie, Nobody where
// none does. before is nil for a new tie, after for one that goes. A property without values
// counts as absent.
//
// marking tells the marking of every node after the change; it is asked for the ends of both
// and for sources, as in [ObservedNode]. A change of an end's own marking is told by
// ObservedNode of that end.
func ObservedTie(before, after *Tie, marking func(ID) Marking) Marking {
	shown := func(t *Tie) Marking { return max(t.Marking, marking(t.From), marking(t.To)) }
	switch {
	case before == nil && after == nil:
		return Nobody
	case before == nil:
		return shown(after)
	case after == nil:
		return shown(before)
	case !sameTie(*before, *after):
		return min(shown(before), shown(after))
	}
	if slices.Equal(before.Citations, after.Citations) {
		return Nobody
	}
	return observedCitations(before.Citations, after.Citations, shown(after), marking)
}

// observedCitations returns the lowest clearance, from that which shows the carrier on, under
// which two lists of citations differ once those of hidden sources are left out.
func observedCitations(before, after []Citation, shown Marking, marking func(ID) Marking) Marking {
	if slices.Equal(before, after) {
		return Nobody
	}
	of := map[ID]Marking{}
	for _, list := range [][]Citation{before, after} {
		for _, c := range list {
			of[c.Source] = marking(c.Source)
		}
	}
	for clearance := shown; clearance <= Red; clearance++ {
		hidden := func(c Citation) bool { return of[c.Source] > clearance }
		if !slices.Equal(slices.DeleteFunc(slices.Clone(before), hidden), slices.DeleteFunc(slices.Clone(after), hidden)) {
			return clearance
		}
	}
	return Nobody
}

// sameNode compares all but the citations.
func sameNode(a, b Node) bool {
	return a.ID == b.ID && a.Kind == b.Kind && a.Marking == b.Marking && a.Load == b.Load && slices.Equal(a.Names, b.Names) &&
		slices.Equal(a.Types, b.Types) && slices.Equal(a.Aliases, b.Aliases) && sameProps(a.Props, b.Props)
}

// sameTie compares all but the citations.
func sameTie(a, b Tie) bool {
	if !sameProps(a.Props, b.Props) {
		return false
	}
	a.Props, a.Citations, b.Props, b.Citations = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

func sameProps(a, b Props) bool {
	empty := func(_ string, values []string) bool { return len(values) == 0 }
	for _, p := range []*Props{&a, &b} {
		for name, values := range *p {
			if empty(name, values) {
				*p = maps.Clone(*p)
				maps.DeleteFunc(*p, empty)
				break
			}
		}
	}
	return maps.EqualFunc(a, b, slices.Equal[[]string])
}
