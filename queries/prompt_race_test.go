//go:build race

package queries_test

import "time"

// promptly is how soon a question ends after its context; the race detector makes
// everything ten times slower.
const promptly = 5 * time.Second
