// Package storecopy copies what one store holds into another, and reports whether
// two stores hold the same. It knows the interface of stores and no store.
package storecopy
