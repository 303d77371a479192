// Package worlds is the kernel: it simulates purges in worlds, 64 at a time, and goes through
// worlds, all of them or a sample. It knows no question.
//
// A world says of every uncertain tie of a picture whether it stands: it is one of the worlds
// of an uncertain graph. A purge spreads in it as an independent cascade along live edges,
// and institutions fracture where what they retain is under a threshold. [NewModel]
// prepares a picture, parameters and [Target]s. [Model.Purge] adds up the worlds of one purge
// and [Purge.Explain] explains one world of it. [Together] goes through worlds and simulates
// several purges in each, with the same coins; [Seen] is what a visitor sees of a block of 64
// worlds after one purge, and [Damage] says which institutions count there. [Connect] works
// out two-terminal reliability, and [Model.Tabulate] what every set of groups breaks.
//
// The same picture, parameters and seed give the same worlds to the last bit, whatever the
// number of workers: a coin depends on the seed, the block of worlds, the tie's id and what it
// decides, never on the order in which coins are drawn. What visitors count must therefore
// not depend on which worker visited which block.
//
// A node and a tie are numbers of the snapshot. An institution is given by its node, or by its
// number among institutions. A mask has a bit, its lane, for each of 64 worlds.
//
// What is expected to come is a row or an argument. A support is a row of supportTable, a
// parameter a row of [Parameters], a kind of target a case of [Target]. Thresholds are asked
// for a block of worlds at a time. The ties of a picture come through the methods of
// projection.Snapshot, which lists them by node, so that an overlay can list others.
//
// docs/model.md has the rules with their sources.
package worlds
