package schema

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/schema/questions"
)

// questionCost is the door's hook: a question costs what its row says of its arguments and
// of how much there is, beside what is asked of its answer; -1 leaves the price of other
// fields to the door.
func questionCost(list []questions.Question, size func(ctx context.Context, asker any) queries.Size) func(
	ctx context.Context, asker any, parent, field string, args func() map[string]any) (int, string) {
	return func(ctx context.Context, asker any, parent, field string, args func() map[string]any) (int, string) {
		i := slices.IndexFunc(list, func(q questions.Question) bool { return parent == "Query" && q.Name == field })
		if i < 0 {
			return -1, ""
		}
		cost := list[i].Cost(ctx, args(), size(ctx, asker))
		return int(min(math.Ceil(cost.Units), math.MaxInt32)), fmt.Sprintf("%s; ask for fewer worlds, or about fewer targets, groups, measures or stages", cost)
	}
}

// sizes tells how much a caller sees, for prices. A price is told to whoever asks, so that
// it must not tell of what he may not see.
type sizes struct {
	store    graph.Store
	pictures *projection.Cache

	mu      sync.Mutex
	counted map[graph.Marking]queries.Size
}

// of is the size of the largest picture that is kept for the clearance. As long as there is
// none it is that of all that the clearance sees, of all days, which is counted once.
func (s *sizes) of(ctx context.Context, asker any) queries.Size {
	clearance, _ := asker.(graph.Marking)
	if p := s.pictures.Largest(clearance); p != nil {
		return questions.SizeOf(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if size, ok := s.counted[clearance]; ok {
		return size
	}
	size, err := s.count(ctx, clearance)
	if err == nil { // else what asks will fail as well
		s.counted[clearance] = size
	}
	return size
}

func (s *sizes) count(ctx context.Context, clearance graph.Marking) (size queries.Size, err error) {
	view, err := s.store.View(ctx, clearance)
	if err != nil {
		return size, err
	}
	size, err = questions.SizeOfAll(ctx, view)
	if closed := view.Close(); err == nil {
		err = closed
	}
	return size, err
}
