// Package all is the list of formats.
package all

import (
	"entangle/loaders"
	"entangle/loaders/native"
	"entangle/loaders/popolo"
	"entangle/loaders/sfm"
)

// Registry returns every format. Where two are equally sure of a file, the
// earlier one reads it.
func Registry() *loaders.Registry {
	return loaders.NewRegistry(
		native.Format{},
		popolo.Format{},
		sfm.Format{},
	)
}
