// Package worlds is the kernel: it simulates purges in worlds, 64 at a time, one to a bit,
// and goes through worlds drawn or all of them. It never sees a question.
//
// A world says of every uncertain tie of a picture whether it stands. [NewModel] prepares a
// picture, parameters and what is struck; [Together] goes through worlds and simulates
// several purges in each, in the same coins; [Seen] is what a visitor sees of a block of 64
// worlds after one purge. [Count] adds up the worlds of one purge, [Model.Replay] explains
// one world, [Connect] tells how probable it is that worlds connect two nodes, and
// [Subsets] works out what every set of groups breaks.
//
// Same picture, parameters and seed give the same worlds to the last bit, whatever the
// number of workers: a coin depends on the seed, the block of worlds, the tie's id and what
// it decides, never on the order in which coins are drawn. Who counts must not depend on
// who counted what. docs/model.md has the rules with their sources.
package worlds
