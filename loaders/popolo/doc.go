// Package popolo reads Popolo JSON, such as the files of EveryPolitician:
// persons, organisations, memberships, posts, areas and events.
//
// A membership of a legislature is a seat: the person HOLDS the post "Member
// of" it. A membership of a party is MEMBER_OF; so is on_behalf_of, for which
// the term says only when it was observed, not when it began. Organisations are
// groups or institutions by their classification.
//
// Not read: images, links, contact details, sort names, geometries other than
// a point, and motions, votes and speeches.
//
// The file is read three times: for organisations, posts, areas and events,
// which are kept in memory; for persons; for memberships. The last two are
// streamed.
package popolo
