package exec

import (
	"context"
	"fmt"
	"sync"
)

// Batch collects the keys that the resolvers of one level ask for and fetches them together. It belongs to one request:
// what it fetched it keeps. It may be used by several goroutines.
type Batch[K comparable, V any] struct {
	fetch func(context.Context, []K) (map[K]V, error)
	mu    sync.Mutex
	slots map[K]*slot[V]
	queue []K
	waits []*slot[V] // of queue
}

type slot[V any] struct {
	done  bool
	found bool
	value V
	err   error
}

// NewBatch makes a Batch. fetch gets every key once, in the order they were first asked for; a key that is missing in its
// result resolves to null. An error of fetch goes to every key of that call.
func NewBatch[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) *Batch[K, V] {
	return &Batch[K, V]{fetch: fetch, slots: map[K]*slot[V]{}}
}

// Load notes a key and returns the thunk for a resolver to return. The first thunk that is called and not yet answered
// fetches all keys noted until then.
func (b *Batch[K, V]) Load(ctx context.Context, key K) func() (any, error) {
	s := b.note(key)
	return func() (any, error) {
		if v, ok, err := b.get(ctx, s); ok || err != nil {
			return v, err
		}
		return nil, nil
	}
}

// LoadThen is Load with a step from the value to what the resolver returns; found is false if fetch did not know the key.
func (b *Batch[K, V]) LoadThen(ctx context.Context, key K, then func(v V, found bool) (any, error)) func() (any, error) {
	s := b.note(key)
	return func() (any, error) {
		v, found, err := b.get(ctx, s)
		if err != nil {
			return nil, err
		}
		return then(v, found)
	}
}

// Clear forgets what was fetched; a mutation calls it after it has written.
func (b *Batch[K, V]) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, s := range b.slots {
		if s.done {
			delete(b.slots, k)
		}
	}
}

func (b *Batch[K, V]) note(key K) *slot[V] {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.slots[key]
	if !ok {
		s = &slot[V]{}
		b.slots[key] = s
		b.queue = append(b.queue, key)
		b.waits = append(b.waits, s)
	}
	return s
}

func (b *Batch[K, V]) get(ctx context.Context, s *slot[V]) (V, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !s.done {
		b.flush(ctx)
	}
	return s.value, s.found, s.err
}

// flush fetches the queue. A panic of fetch becomes the error of its keys, else they would be asked for again and again.
func (b *Batch[K, V]) flush(ctx context.Context) {
	keys, waits := b.queue, b.waits
	b.queue, b.waits = nil, nil
	var values map[K]V
	var err error
	func() {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("batch: fetch panicked: %v", r)
			}
		}()
		values, err = b.fetch(ctx, keys)
	}()
	for i, s := range waits {
		s.value, s.found = values[keys[i]]
		s.done, s.err = true, err
	}
}
