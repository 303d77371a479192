// Desks: the posts of a picture, numbered institution by institution, and who holds them.
//
// Invariant: the desks of an institution stand together. What a block knows of a desk is valid
// only for the coins and the purge whose stamps it has.
// Source: compressed sparse rows, as for sparse matrices.
// Cost: O(posts + their ties) once for a model, O(holders) a desk and block.

package worlds

import (
	"iter"

	"entangle/graph"
	"entangle/graph/projection"
)

// desks are the posts of a picture, numbered institution by institution, so that what an
// institution stands on lies together in memory: a purge reads every post of every
// institution that it touches, in every block of worlds.
type desks struct {
	first     int32   // the first post
	of        []int32 // by post: its desk
	rows      []desk  // by desk, and one more that ends the ranges of the last
	holders   []holder
	bodies    []int32 // the institutions of desks
	seats     []seat
	seatsOf   []int32 // by institution: its first seat, and the end of the last
	persons   int32   // the first person
	tenures   []tenure
	tenuresOf []int32 // by person: the first of what the person holds, and the end of the last
}

// desk is a post.
type desk struct {
	post           int32
	weight, number int32 // of its seats
	// holder and body are the first of its holders and institutions.
	holder, body int32
}

// holder is a claim to hold a post. Its coin can be drawn without a look at the tie.
type holder struct {
	key, probability uint64
	tie, person      int32
	alternative      bool // of a set of contradicting claims
}

// tenure says which desk a person holds, and as which of all holders.
type tenure struct{ desk, holder int32 }

// seat is a desk that somebody holds, in an institution.
type seat struct {
	desk           int32
	weight, number int32 // of the desk: read for each purge and block, from here without a look at it
	// at and ties say which of the institution's POST_IN ties put it there; sure: one
	// does, in every world.
	at, ties int32
	part     int32 // of the lines of command, none for a post without lines
	sure     bool
}

func newDesks(s *projection.Snapshot) *desks {
	lo, hi := s.Range(graph.Post)
	d := &desks{first: lo, of: make([]int32, hi-lo), rows: make([]desk, 0, hi-lo+1)}
	for i := range d.of {
		d.of[i] = none
	}
	firstBody, endBody := s.Range(graph.Institution)
	for body := firstBody; body < endBody; body++ {
		for _, t := range s.In(graph.PostIn, body) {
			d.add(s, s.Tie(t).From)
		}
	}
	for post := lo; post < hi; post++ {
		d.add(s, post)
	}
	d.rows = append(d.rows, desk{holder: int32(len(d.holders)), body: int32(len(d.bodies))})
	d.seatsOf = make([]int32, 0, endBody-firstBody+1)
	for body := firstBody; body < endBody; body++ {
		d.seatsOf = append(d.seatsOf, int32(len(d.seats)))
		d.addSeats(s, body)
	}
	d.seatsOf = append(d.seatsOf, int32(len(d.seats)))
	d.addTenures(s)
	return d
}

// add numbers a post that has no number yet.
func (d *desks) add(s *projection.Snapshot, post int32) {
	if d.of[post-d.first] != none {
		return
	}
	d.of[post-d.first] = int32(len(d.rows))
	of := s.Seat(post)
	d.rows = append(d.rows, desk{
		post: post, weight: of.Weight, number: of.Seats, holder: int32(len(d.holders)), body: int32(len(d.bodies)),
	})
	for _, t := range s.In(graph.Holds, post) {
		tie := s.Tie(t)
		d.holders = append(d.holders, holder{tie.Key, tie.Probability, t, tie.From, tie.Conflict != 0})
	}
	for _, t := range s.Out(graph.PostIn, post) {
		d.bodies = append(d.bodies, s.Tie(t).To)
	}
}

func (d *desks) addSeats(s *projection.Snapshot, body int32) {
	list := s.In(graph.PostIn, body)
	for at := int32(0); int(at) < len(list); {
		same := s.Parallel(list[at:])
		tie := s.Tie(same[0])
		desk := d.of[tie.From-d.first]
		if row := d.rows[desk]; row.holder < d.rows[desk+1].holder {
			sure := len(same) == 1 && tie.Probability == projection.Certain && tie.Conflict == 0
			d.seats = append(d.seats, seat{desk: desk, weight: row.weight, number: row.number, at: at, ties: int32(len(same)), sure: sure})
		}
		at += int32(len(same))
	}
}

// addTenures lists what each person holds, in the order of the ties.
func (d *desks) addTenures(s *projection.Snapshot) {
	from, to := s.OfType(graph.Holds)
	byTie := make([]tenure, to-from)
	for desk := range int32(len(d.rows) - 1) {
		for i, end := d.holdersOf(desk); i < end; i++ {
			byTie[d.holders[i].tie-from] = tenure{desk, i}
		}
	}
	first, end := s.Range(graph.Person)
	d.persons, d.tenures, d.tenuresOf = first, make([]tenure, 0, len(d.holders)), make([]int32, 0, end-first+1)
	for person := first; person < end; person++ {
		d.tenuresOf = append(d.tenuresOf, int32(len(d.tenures)))
		for _, t := range s.Out(graph.Holds, person) {
			d.tenures = append(d.tenures, byTie[t-from])
		}
	}
	d.tenuresOf = append(d.tenuresOf, int32(len(d.tenures)))
}

// heldBy lists what a person holds.
func (d *desks) heldBy(person int32) []tenure {
	of := d.tenuresOf[person-d.persons:]
	return d.tenures[of[0]:of[1]]
}

// seatsIn yields the seats of an institution, by its number among institutions.
func (d *desks) seatsIn(body int32) iter.Seq[*seat] {
	return func(yield func(*seat) bool) {
		for i := d.seatsOf[body]; i < d.seatsOf[body+1]; i++ {
			if !yield(&d.seats[i]) {
				return
			}
		}
	}
}

// deskOf is the desk of a post.
func (d *desks) deskOf(post int32) int32 { return d.of[post-d.first] }

// inLines reports whether some REPORTS_TO claim, however unsure, puts a post into a line of
// command.
func (m *Model) inLines(post int32) bool { return m.lines.spots[m.desks.deskOf(post)].part >= 0 }

// holdersOf returns the first holder of a desk and the one past its last.
func (d *desks) holdersOf(desk int32) (lo, hi int32) {
	return d.rows[desk].holder, d.rows[desk+1].holder
}

// bodiesOf returns the institutions that a desk is in.
func (d *desks) bodiesOf(desk int32) []int32 { return d.bodies[d.rows[desk].body:d.rows[desk+1].body] }

// deskState is in which worlds of a block somebody holds a desk.
type deskState struct {
	before, now uint64 // before the purge, and still
	coins       uint32 // stamp of the coins by which before was worked out
	stamp       uint32 // stamp of the purge for which now was
	vacated     uint32 // stamp of the purge that took a holder since
}

// occupied returns the worlds in which a post has a holder before the purge.
func (b *block) occupied(post int32) uint64 { return b.desk(b.m.desks.deskOf(post)).before }

// kept returns the worlds in which a post still has a holder.
func (b *block) kept(post int32) uint64 { return b.keptAt(b.m.desks.deskOf(post)) }

// desk returns the state of a desk. Its now may be out of date: keptAt brings it up to date.
func (b *block) desk(desk int32) *deskState {
	state := &b.desks[desk]
	if state.coins != b.coinStamp {
		state.coins = b.coinStamp
		b.tossHolders(desk, state)
	}
	if state.stamp != b.stamp {
		state.stamp, state.now = b.stamp, state.before
	}
	return state
}

// tossHolders tosses the coins of who holds a desk.
func (b *block) tossHolders(desk int32, state *deskState) {
	state.before = 0
	lo, hi := b.m.desks.holdersOf(desk)
	for i := lo; i < hi; i++ {
		h := &b.m.desks.holders[i]
		if h.alternative || b.m.latents != nil {
			b.holds[i] = b.exists(h.tie)
		} else {
			b.holds[i] = b.tossKey(h.key, existence, h.probability)
		}
		state.before |= b.holds[i]
	}
}

// keptAt returns the worlds in which somebody still holds a desk.
func (b *block) keptAt(desk int32) uint64 {
	state := b.desk(desk)
	if state.vacated != b.stamp {
		return state.now
	}
	state.vacated = 0 // never a stamp
	post, ceased := b.m.desks.rows[desk].post, b.ceased(desk)
	if b.m.guarded(post) {
		state.now = state.before &^ ceased
		return state.now
	}
	state.now = 0
	lo, hi := b.m.desks.holdersOf(desk)
	for i := lo; i < hi; i++ {
		person := b.m.desks.holders[i].person
		state.now |= b.holds[i] &^ (b.missed(person, post) | b.expelled(person, desk))
	}
	state.now &^= ceased
	return state.now
}

// ceased returns the worlds in which a desk is gone with a disbanded institution that it is in.
func (b *block) ceased(desk int32) (mask uint64) {
	if !b.m.disbands {
		return 0
	}
	post := b.m.desks.rows[desk].post
	for _, t := range b.snap.Out(graph.PostIn, post) {
		if gone := b.missed(b.snap.Tie(t).To, post); gone != 0 {
			mask |= gone & b.exists(t)
		}
	}
	return mask
}

// manned returns the worlds in which somebody holds a desk before the purge, and now.
func (b *block) manned(desk int32) (before, now uint64) {
	state := &b.desks[desk]
	if state.coins == b.coinStamp && state.stamp == b.stamp && state.vacated != b.stamp {
		return state.before, state.now
	}
	now = b.keptAt(desk)
	return state.before, now
}

// vacate notes that a holder of a desk was lost.
func (b *block) vacate(desk int32) {
	b.desks[desk].vacated = b.stamp
	b.lines.vacate(desk)
}
