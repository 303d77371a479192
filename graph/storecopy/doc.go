// Package storecopy copies what one store holds into another, and tells whether
// two stores hold the same. It knows the interface of stores and no store.
package storecopy
