package storetest

import (
	"context"
	"encoding/json"
	"errors"

	"entangle/graph"
)

// contextOf gives the context of a test; rapid's tests have one too.
func contextOf(t failer) context.Context {
	if c, ok := t.(interface{ Context() context.Context }); ok {
		return c.Context()
	}
	return context.Background()
}

// sameError compares the kinds of two errors, not their words.
func sameError(got, want error) bool {
	for _, sentinel := range []error{graph.ErrQuery, graph.ErrInvalid, graph.ErrClosed, context.Canceled} {
		if errors.Is(got, sentinel) != errors.Is(want, sentinel) {
			return false
		}
	}
	return (got == nil) == (want == nil)
}

// show writes a query with the conditions behind its pointers.
func show[T any](q T) string {
	text, err := json.Marshal(q)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
