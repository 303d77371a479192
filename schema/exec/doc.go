// Package exec is the door through which every GraphQL document enters.
//
// A schema is written with graphql-go: its types and its resolvers. Nothing else of that library runs on what a client
// sends. Its parser does not know the null literal, its validator recurses without end on a 43-byte cycle of fragments
// and takes seconds on a few kilobytes of nested braces, and its executor drops errors, sorts keys and hands panics to
// the caller. So the way of a request is:
//
//	scan     bytes and tokens are counted against Limits before anything is built        scan.go
//	parse    gqlparser, under a token limit                                              parse.go
//	count    fragments expanded with saturating, memoised totals: fields, depth          cost.go
//	validate the rules of gqlparser, stopped at the tenth error or at a step budget      parse.go
//	         and our own near-linear rule for fields that must merge                     overlap.go
//	cache    a valid document is kept under the hash of its text                         cache.go
//	bind     the operation is chosen, variables are coerced, its cost is computed        door.go, variables.go, coerce.go, cost.go
//	plan     what is asked of each type is worked out once a document, where no          plan.go
//	         variable decides which fields are asked for
//	execute  level by level, over graphql-go's types and resolvers                       execute.go, level.go, complete.go
//	write    keys in document order, streamed                                            write.go
//
// Prepare does everything up to bind, so that the caller knows the kind of the operation and may pick a status before
// Execute starts. A Prepared may be executed more than once.
//
// Execution is breadth first: all fields of one level are resolved over all objects, then the thunks they returned are
// called. A Batch therefore sees every key of a level in one fetch.
//
// A resolver returns a value, a thunk (func() (any, error)), or an error; where Levels says so it may return an Each or a
// Level as well, which resolve the field of all objects of a level without the cost of a call for each of them. The objects
// and lists of an answer are made in memory that goes from one execution to the next (arena.go). An error made by Errorf
// reaches the client with its code; every other error, and every panic, is logged and masked as INTERNAL with an errorId. The
// map in ResolveParams.Args is shared by all objects of a field, and by all requests of a document where no variable is in
// it, and must not be changed. A key in it that maps to nil was given as null; a key that was not given and has no default is
// not in it.
//
// The library's maps have no order, so the printed schema is sorted by name; a response is in document order.
package exec
