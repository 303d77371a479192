// Package querytest runs text cases of the questions: files that an analyst can
// read and check by hand. README.md has the language.
//
// The runner is given a function that turns a batch into a snapshot, so that
// the same files run on a batch alone and through every store.
package querytest
