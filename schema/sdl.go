package schema

import _ "embed"

// SDL is the printed schema. A test holds it equal to what New builds.
//
//go:embed schema.graphql
var SDL string

// PurgeDocument asks for the whole answer of a purge; its variables are the
// arguments of the field purge.
//
//go:embed purge.graphql
var PurgeDocument string
