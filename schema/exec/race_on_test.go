//go:build race

package exec_test

// raceFactor widens time budgets: the race detector slows code down by this much or more.
const raceFactor = 5
