// Package queries answers the questions of the service as pure functions on a
// projection: no store, no GraphQL, no HTTP.
//
// Purge asks which institutions a purge of groups, persons or posts would
// fracture. It simulates worlds: in each, every uncertain tie is there or not
// by its confidence, the targets are struck, others answer, and institutions
// lose what they stand on. Worlds are simulated 64 at a time, one to a bit.
// docs/model.md and docs/questions.md have every rule and formula with its source and
// limits.
//
// Same snapshot, input and seed give the same answer to the last bit, however
// many workers compute it: a coin depends on the seed, the block of worlds and
// the tie's id, never on the order in which coins are drawn.
package queries
