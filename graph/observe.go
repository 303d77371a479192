package graph

import (
	"maps"
	"reflect"
	"slices"
)

// Nobody is above every clearance: a change that Nobody observes shows in no reading.
const Nobody = Red + 1

// Who observes a change is said by one marking: the lowest clearance under which a reading
// before the change differs from one after it. Whoever is cleared for more observes it too,
// since a higher clearance shows all that a lower one does.

// ObservedNode returns the lowest clearance that observes a change of one node, Nobody where
// none does. before is nil for a new node, after for one that goes. A property without values
// counts as absent.
//
// marking tells the marking of a node after the commit, before it for a node that goes. It is
// asked for sources, where nothing but citations differs. A source whose own marking changes shows or hides its citations
// everywhere, which ObservedNode of that source tells: the lowest over all that a commit
// changes is exact, that of one node alone need not be.
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
	return observedCitations(before.Citations, after.Citations, func() Marking { return after.Marking }, marking)
}

// ObservedTie returns the lowest clearance that observes a change of one tie, Nobody where
// none does. before is nil for a new tie, after for one that goes. A property without values
// counts as absent.
//
// marking is as in [ObservedNode]. It is asked for the ends, and for sources. An end whose own marking changes is told by ObservedNode of
// that end.
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
	return observedCitations(before.Citations, after.Citations, func() Marking { return shown(after) }, marking)
}

// observedCitations returns the lowest clearance, from that on which shows what carries them,
// under which two lists of citations differ once those of hidden sources are left out.
func observedCitations(before, after []Citation, shown func() Marking, marking func(ID) Marking) Marking {
	if slices.Equal(before, after) {
		return Nobody
	}
	of := map[ID]Marking{}
	for _, c := range slices.Concat(before, after) {
		of[c.Source] = marking(c.Source)
	}
	for clearance := shown(); clearance <= Red; clearance++ {
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
	return maps.EqualFunc(present(a), present(b), slices.Equal[[]string])
}

// present leaves out properties without values.
func present(p Props) Props {
	for _, values := range p {
		if len(values) == 0 {
			p = maps.Clone(p)
			maps.DeleteFunc(p, func(_ string, values []string) bool { return len(values) == 0 })
			break
		}
	}
	return p
}

// Changes gathers what a commit changes, to say who observes it. The zero value is that of
// a commit that changes nothing.
type Changes struct {
	some   bool
	lowest Marking // where some
	open   []change
}

// change is one that cannot be judged by itself.
type change struct {
	node, nextNode *Node
	tie, nextTie   *Tie
}

func (c *Changes) seen(by Marking) {
	if !c.some || by < c.lowest {
		c.some, c.lowest = true, by
	}
}

// Node adds a node that changes; see [ObservedNode]. It is not to be changed until Observed.
func (c *Changes) Node(before, after *Node) {
	asked := false
	by := ObservedNode(before, after, func(ID) Marking { asked = true; return Clear })
	if asked {
		c.open = append(c.open, change{node: before, nextNode: after})
	} else {
		c.seen(by)
	}
}

// Tie adds a tie that changes; see [ObservedTie]. It is not to be changed until Observed.
func (c *Changes) Tie(before, after *Tie) {
	if c.some && c.lowest == Clear { // everybody observes the commit whatever the tie says
		return
	}
	c.open = append(c.open, change{tie: before, nextTie: after})
}

// Observed returns the lowest clearance that observes the changes, Nobody where none does.
// known tells the marking of a node as in [ObservedNode], false where lookUp has to be asked. lookUp
// returns the markings of nodes by their ids, which it gets in their order; of those that it
// leaves out nothing is hidden. It is asked at most once, and not where everybody observes the
// commit.
func (c *Changes) Observed(known func(ID) (Marking, bool), lookUp func([]ID) (map[ID]Marking, error)) (Marking, error) {
	missing := map[ID]bool{}
	c.judge(func(id ID) (Marking, bool) {
		marking, ok := known(id)
		if !ok {
			missing[id] = true
		}
		return marking, ok
	})
	if len(c.open) > 0 && len(missing) > 0 {
		found, err := lookUp(slices.Sorted(maps.Keys(missing)))
		if err != nil {
			return Nobody, err
		}
		c.judge(func(id ID) (Marking, bool) {
			if missing[id] {
				return found[id], true
			}
			return known(id)
		})
	}
	if !c.some {
		return Nobody, nil
	}
	return c.lowest, nil
}

// judge takes the changes in for which all markings are known. It ends once everybody observes.
func (c *Changes) judge(known func(ID) (Marking, bool)) {
	var open []change
	for _, one := range c.open {
		lacks := false
		by := one.observed(func(id ID) Marking {
			marking, ok := known(id)
			lacks = lacks || !ok
			return marking
		})
		if lacks {
			open = append(open, one)
			continue
		}
		if c.seen(by); c.lowest == Clear {
			open = nil
			break
		}
	}
	c.open = open
}

func (o change) observed(marking func(ID) Marking) Marking {
	if o.tie != nil || o.nextTie != nil {
		return ObservedTie(o.tie, o.nextTie, marking)
	}
	return ObservedNode(o.node, o.nextNode, marking)
}
