//go:build !race

package queries_test

import "time"

// promptly is how soon a question ends after its context.
const promptly = 100 * time.Millisecond
