// Package queries answers the questions of the service as pure functions on a
// projection: no store, no GraphQL, no HTTP.
//
// Purge asks which institutions a purge of groups, persons or posts would fracture. The
// other questions compare purges, share out their damage, plan them, or look at the record
// alone. How worlds are simulated is the business of package worlds, numbers with their
// intervals are that of package estimate, measures of networks that of package structure.
// docs/model.md and docs/questions.md have every rule and formula with its source and
// limits.
//
// Same snapshot, input and seed give the same answer to the last bit, however many workers
// compute it.
package queries
