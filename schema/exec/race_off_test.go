//go:build !race

package exec_test

// raceFactor widens time budgets under the race detector.
const raceFactor = 1
