package exec

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Batch collects the keys that the resolvers of one level ask for and fetches them together. It belongs to one request:
// what it fetched it keeps. It may be used by several goroutines.
type Batch[K comparable, V any] struct {
	fetch func(ctx context.Context, keys []K, values []V, found []bool) error

	mu     sync.Mutex
	places map[K]Place
	// In the order in which they were first asked for. Those before done are fetched.
	keys   []K
	values []V
	found  []bool
	done   int
	failed []failed
}

// Place is where a Batch has a key.
type Place int

// failed says that the keys up to a place, from the end of the one before, could not be fetched, or could.
type failed struct {
	until Place
	err   error
}

// NewBatch makes a Batch. fetch gets every key once, in the order they were first asked for; a key that is missing in its
// result resolves to null. An error of fetch goes to every key of that call.
func NewBatch[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) *Batch[K, V] {
	return &Batch[K, V]{fetch: func(ctx context.Context, keys []K, values []V, found []bool) error {
		got, err := fetch(ctx, keys)
		for i, k := range keys {
			values[i], found[i] = got[k]
		}
		return err
	}}
}

// NewBatchOf makes a Batch of keys that all have a value, the zero one where fetch writes none. fetch writes the value of
// each key to the place that the key has.
func NewBatchOf[K comparable, V any](fetch func(ctx context.Context, keys []K, values []V) error) *Batch[K, V] {
	b := &Batch[K, V]{}
	b.FetchBy(fetch)
	return b
}

// FetchBy says how an empty Batch fetches; see NewBatchOf.
func (b *Batch[K, V]) FetchBy(fetch func(ctx context.Context, keys []K, values []V) error) {
	b.fetch = func(ctx context.Context, keys []K, values []V, found []bool) error {
		for i := range found {
			found[i] = true
		}
		return fetch(ctx, keys, values)
	}
}

// Reset makes the Batch empty, for another request to use its memory. Nobody may have a Place of it.
func (b *Batch[K, V]) Reset() {
	clear(b.places)
	clear(b.keys)
	clear(b.values)
	b.keys, b.values, b.found = b.keys[:0], b.values[:0], b.found[:0]
	b.fetch, b.done, b.failed = nil, 0, nil
	if cap(b.keys) > mostNodes {
		b.places, b.keys, b.values, b.found = nil, nil, nil, nil
	}
}

// Load notes a key and returns the thunk for a resolver to return. The first thunk that is called and not yet answered
// fetches all keys noted until then.
func (b *Batch[K, V]) Load(ctx context.Context, key K) func() (any, error) {
	at := b.Note(key)
	return func() (any, error) {
		if v, ok, err := b.Get(ctx, at); ok || err != nil {
			return v, err
		}
		return nil, nil
	}
}

// LoadThen is Load with a step from the value to what the resolver returns; found is false if fetch did not know the key.
func (b *Batch[K, V]) LoadThen(ctx context.Context, key K, then func(v V, found bool) (any, error)) func() (any, error) {
	at := b.Note(key)
	return func() (any, error) {
		v, found, err := b.Get(ctx, at)
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
	for k, at := range b.places {
		if int(at) < b.done {
			delete(b.places, k)
		}
	}
}

// Expect makes room for so many keys more.
func (b *Batch[K, V]) Expect(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.places == nil {
		b.places, b.keys = make(map[K]Place, n), make([]K, 0, n)
	}
}

// Note notes a key; Get returns its value.
func (b *Batch[K, V]) Note(key K) Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	at, ok := b.places[key]
	if !ok {
		if b.places == nil {
			b.places = map[K]Place{}
		}
		at = Place(len(b.keys))
		b.places[key] = at
		b.keys = append(b.keys, key)
	}
	return at
}

// Get returns the value of a key that was noted, and fetches all keys noted until then if that was not yet done.
func (b *Batch[K, V]) Get(ctx context.Context, at Place) (v V, found bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if int(at) >= b.done {
		b.flush(ctx)
	}
	for _, f := range b.failed {
		if at < f.until {
			err = f.err
			break
		}
	}
	return b.values[at], b.found[at], err
}

// flush fetches what is not. A panic of fetch becomes the error of its keys, else they would be asked for again and again.
func (b *Batch[K, V]) flush(ctx context.Context) {
	from, until := b.done, len(b.keys)
	b.values = slices.Grow(b.values, until-from)[:until]
	b.found = slices.Grow(b.found, until-from)[:until]
	clear(b.values[from:])
	clear(b.found[from:])
	var err error
	func() {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("batch: fetch panicked: %v", r)
			}
		}()
		err = b.fetch(ctx, b.keys[from:until:until], b.values[from:until], b.found[from:until])
	}()
	b.done = until
	if err != nil && len(b.failed) == 0 && from > 0 {
		b.failed = append(b.failed, failed{until: Place(from)})
	}
	if err != nil || len(b.failed) > 0 {
		b.failed = append(b.failed, failed{until: Place(until), err: err})
	}
}
