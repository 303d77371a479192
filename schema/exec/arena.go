package exec

import "sync"

// arena is memory for the nodes of an answer and for what is in them. It goes from one execution to the next: an answer of
// a thousand objects would else be allocated, cleared and collected for each request.
type arena struct {
	nodes            []node
	values           []any
	usedNodes, usedV int // of what is kept

	groups     []*group
	usedGroups int
	// What the execution takes turns with, and what it numbers.
	spareNext    []*group
	sparePending []pending
	byNumber     []*group
	args         []coerced
	text         []byte // of the writer
}

// Sizes of what one arena keeps: a request of more takes more, which is not kept.
const (
	firstNodes, mostNodes   = 64, 8 << 10
	firstValues, mostValues = 256, 32 << 10
	mostGroups              = 256
)

var arenas = sync.Pool{New: func() any { return &arena{} }}

func takeArena() *arena { return arenas.Get().(*arena) }

// release gives the arena back; nothing of the answer may be used any more.
func (a *arena) release() {
	clear(a.nodes[:a.usedNodes])
	clear(a.values[:a.usedV])
	objects := 0
	for _, g := range a.groups[:a.usedGroups] {
		objects += cap(g.nodes)
		clear(g.nodes)
		clear(g.srcs)
		g.nodes, g.srcs = g.nodes[:0], g.srcs[:0]
	}
	a.usedNodes, a.usedV, a.usedGroups = 0, 0, 0
	clear(a.spareNext[:cap(a.spareNext)])
	clear(a.sparePending[:cap(a.sparePending)])
	clear(a.args)
	a.args = a.args[:0]
	if len(a.nodes) <= mostNodes && len(a.values) <= mostValues && objects <= mostNodes && len(a.groups) <= mostGroups && cap(a.sparePending) <= mostNodes {
		arenas.Put(a)
	}
}

// group returns an empty group.
func (a *arena) group() *group {
	if a.usedGroups == len(a.groups) {
		a.groups = append(a.groups, &group{})
	}
	a.usedGroups++
	return a.groups[a.usedGroups-1]
}

// node returns a zero node.
func (a *arena) node() *node {
	if a.usedNodes == len(a.nodes) {
		// Those who have nodes of the old slab keep it alive.
		a.nodes = make([]node, max(firstNodes, min(2*len(a.nodes), mostNodes)))
		a.usedNodes = 0
	}
	a.usedNodes++
	return &a.nodes[a.usedNodes-1]
}

// slots returns n values, all nil.
func (a *arena) slots(n int) []any {
	if n > len(a.values)-a.usedV {
		if n > mostValues/4 {
			return make([]any, n)
		}
		a.values = make([]any, max(firstValues, 4*n, min(2*len(a.values), mostValues)))
		a.usedV = 0
	}
	a.usedV += n
	return a.values[a.usedV-n : a.usedV : a.usedV]
}
