package exec

import "sync"

// arena is memory for the nodes of an answer and for what is in them. It goes from one execution to the next: an answer of
// a thousand objects would else be allocated, cleared and collected for each request.
type arena struct {
	nodes            []node
	values           []any
	usedNodes, usedV int // of what is kept
}

// Sizes of what one arena keeps: a request of more takes more, which is not kept.
const (
	firstNodes, mostNodes   = 64, 8 << 10
	firstValues, mostValues = 256, 32 << 10
)

var arenas = sync.Pool{New: func() any { return &arena{} }}

func takeArena() *arena { return arenas.Get().(*arena) }

// release gives the arena back; nothing of the answer may be used any more.
func (a *arena) release() {
	clear(a.nodes[:a.usedNodes])
	clear(a.values[:a.usedV])
	a.usedNodes, a.usedV = 0, 0
	if len(a.nodes) <= mostNodes && len(a.values) <= mostValues {
		arenas.Put(a)
	}
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
