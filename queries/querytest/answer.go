package querytest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"entangle/queries"
)

// answer is what an expect section is compared with: rows of figures by what they
// are about, and lists of names.
type answer struct {
	rows  map[string]row
	lists map[string]list
}

// row is the figures about one thing: numbers, names, true or false.
type row struct {
	figures map[string]any
	// silent, where not nil, is for a figure that the answer does not list.
	silent func(key string) (any, bool)
}

// list is a list of names; of one that is not ordered the order does not count.
type list struct {
	names   []string
	ordered bool
}

func newAnswer() *answer { return &answer{rows: map[string]row{}, lists: map[string]list{}} }

// add puts in the figures about a thing.
func (a *answer) add(about string, figures map[string]any) { a.rows[about] = row{figures: figures} }

// ranked puts in a list whose order counts, set one whose order does not.
func (a *answer) ranked(name string, names []string) { a.lists[name] = list{names, true} }
func (a *answer) set(name string, names []string)    { a.lists[name] = list{names: names} }

// basis are the figures that every sampled question has.
func basis(b *queries.Basis, more ...map[string]any) map[string]any {
	circling := 0.0
	if b.Circling != nil {
		circling = b.Circling.P
	}
	return joined(append([]map[string]any{{
		"method": b.Method, "coins": b.Coins, "converged": b.Converged, "waves": b.Waves,
		"samples": b.Samples, "circling": circling,
	}, record(&b.Picture, nil)}, more...)...)
}

// record are the figures that every question has of its picture.
func record(p *queries.Picture, more map[string]any) map[string]any {
	return joined(map[string]any{
		"defaulted": p.DefaultedTies, "possible": p.PossibleTies, "faded": p.FadedTies, "ageless": p.AgelessTies, "structural": p.StructuralTies,
		"later": p.LaterTies, "late": p.LateTies, "untimed": p.UntimedTies, "omittedTies": p.OmittedTies,
		"distantTies": p.DistantTies, "undatedTies": p.UndatedTies, "noRecord": p.Missing.NoRecord,
	}, more)
}

// missing is what of the question is not on record, in each picture that was asked.
func (a *answer) missing(pictures ...*queries.Picture) {
	var absent, vacant, unrecorded []string
	for _, p := range pictures {
		absent = append(absent, names(p.Missing.Absent, func(x queries.Absent) string { return idOf(x.Ref) })...)
		vacant = append(vacant, names(p.Missing.Vacant, idOf)...)
		unrecorded = append(unrecorded, names(p.Missing.Unrecorded, idOf)...)
	}
	a.set("absent", absent)
	a.set("vacant", vacant)
	a.set("unrecorded", unrecorded)
}

// check compares one line with the answer and returns what differs.
func (a *answer) check(words []string) string {
	if l, ok := a.lists[words[0]]; ok {
		return l.check(words[0], words[1:])
	}
	n := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, "=") })
	if n < 0 {
		n = len(words)
	}
	about := strings.Join(words[:n], " ")
	r, ok := a.rows[about]
	if !ok {
		return about + ": not in the answer"
	}
	if n == len(words) {
		return about + ": says nothing; want key=value"
	}
	return r.check(words[n:])
}

func (l list) check(name string, want []string) string {
	got := l.names
	if !l.ordered {
		got, want = sorted(got), sorted(want)
	}
	if !slices.Equal(got, want) {
		return fmt.Sprintf("%s: got %v, want %v", name, got, want)
	}
	return ""
}

func sorted(words []string) []string {
	out := slices.Clone(words)
	slices.Sort(out)
	return out
}

// check compares key=value words and returns the first that differs.
func (r row) check(words []string) string {
	for _, word := range words {
		key, want, _ := strings.Cut(word, "=")
		got, ok := r.figures[key]
		if !ok && r.silent != nil {
			got, ok = r.silent(key)
		}
		if !ok {
			return fmt.Sprintf("%s: the answer has nothing of that name", key)
		}
		if text := fmt.Sprint(got); !same(text, want, key) {
			return fmt.Sprintf("%s: got %s, want %s", key, text, want)
		}
	}
	return ""
}

// same compares numbers to 10⁻⁸, retained shares, which are carried in parts per
// million, to 2·10⁻⁶.
func same(got, want, key string) bool {
	if got == want {
		return true
	}
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := number(want)
	if errA != nil || errB != nil {
		return false
	}
	tolerance := 1e-8
	if key == strings.ToUpper(key) {
		tolerance = 2e-6
	}
	return math.Abs(a-b) <= tolerance
}

// idOf and names write nodes as a case does: by their ids.
func idOf(r queries.Ref) string { return string(r.ID) }

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = name(v)
	}
	return out
}

// group writes several nodes as one word, a+b.
func group(refs []queries.Ref) string {
	if len(refs) == 0 {
		return "nobody"
	}
	return strings.Join(names(refs, idOf), "+")
}
