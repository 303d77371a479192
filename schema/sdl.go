package schema

import _ "embed"

// SDL is the printed schema. A test holds it equal to what New builds.
//
//go:embed schema.graphql
var SDL string
