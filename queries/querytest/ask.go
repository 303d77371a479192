package querytest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// question is an ask section at work: it says what can be set, and asks.
type question interface {
	// keys names what can be set: a pointer to it, a function of the value, or, for
	// a key that names a part of a table, a function of the part and the value.
	keys() map[string]any
	// ask asks and gives the answer; pictures are taken as of the day and with the
	// options of the section.
	ask(ctx context.Context, take picture) (*answer, error)
}

// picture takes a picture of what was loaded.
type picture func(projection.Options) (*projection.Snapshot, error)

// own are the questions whose cases say more than their input and report do by
// themselves, by the command of the table of questions; the others are asked plainly.
var own = map[string]func() question{
	"purge":        func() question { return &purge{scenario: newScenario()} },
	"compare":      func() question { return &compare{scenario: newScenario(), with: newScenario()} },
	"entanglement": func() question { return &entanglement{scenario: newScenario()} },
	"attribution":  func() question { return &attribution{scenario: newScenario()} },
	"verify":       func() question { return &verify{scenario: newScenario()} },
	"sensitivity":  func() question { return &sensitivity{scenario: newScenario()} },
	"frontier":     func() question { return &frontier{scenario: newScenario(), in: queries.DefaultFrontier()} },
	"stage":        func() question { return &stage{scenario: newScenario(), in: queries.DefaultStage()} },
	"insure":       func() question { return &insure{scenario: newScenario(), in: queries.DefaultInsure()} },
	"worst-case":   func() question { return &worstCase{scenario: newScenario()} },
	"brokers":      func() question { return &brokers{scenario: newScenario()} },
	"footholds":    func() question { return &footholds{scenario: newScenario()} },
	"exposure":     func() question { return &exposure{scenario: newScenario()} },
	"paths":        func() question { return &paths{scenario: newScenario()} },
	"changes":      func() question { return &changes{scenario: newScenario()} },
}

// ask is an ask section: a question and what was set of it.
type ask struct{ question }

// newAsk makes the question of an ask line; words are what follows “ask”, of which
// the first may be its name. It returns the rest.
func newAsk(words []string) (ask, []string, error) {
	name := "purge"
	if len(words) > 0 && !strings.Contains(words[0], "=") {
		name, words = words[0], words[1:]
	}
	var names []string
	for _, row := range queries.Questions() {
		if row.Command != name {
			names = append(names, row.Command)
			continue
		}
		if begin, ok := own[name]; ok {
			return ask{begin()}, words, nil
		}
		return ask{newPlain(row)}, words, nil
	}
	slices.Sort(names)
	return ask{}, nil, fmt.Errorf("%q: no such question; these are: %s", name, strings.Join(names, ", "))
}

// set reads one key=value of an ask section.
func (a ask) set(word string) error {
	key, value, ok := strings.Cut(word, "=")
	if !ok {
		return fmt.Errorf("%q: want key=value", word)
	}
	return put(a.keys(), key, value)
}

// put sets a key. The key of a table is the table's name and, behind a dot, a colon
// or an at sign, the part.
func put(keys map[string]any, key, value string) error {
	if target, ok := keys[key]; ok {
		if err := assign(target, value); err != nil {
			return fmt.Errorf("%s=%s: %w", key, value, err)
		}
		return nil
	}
	if i := strings.IndexAny(key, ".:@"); i > 0 {
		if table, ok := keys[key[:i]].(func(of, value string) error); ok {
			return table(strings.TrimPrefix(key[i:], "."), value)
		}
	}
	return fmt.Errorf("%q: nothing of that name can be asked", key)
}

var errSwitch = errors.New("want on or off")

// assign reads a value into what a key stands for.
func assign(target any, value string) (err error) {
	switch p := target.(type) {
	case *string:
		*p = value
	case *graph.ID:
		*p = graph.ID(value)
	case *[]graph.ID:
		for id := range strings.SplitSeq(value, ",") {
			*p = append(*p, graph.ID(id))
		}
	case []*bool:
		if value != "on" && value != "off" {
			return errSwitch
		}
		for _, s := range p {
			*s = value == "on"
		}
	case *float64:
		*p, err = number(value)
	case *int:
		*p, err = strconv.Atoi(value)
	case *uint64:
		*p, err = strconv.ParseUint(value, 10, 64)
	case *graph.Day:
		*p, err = graph.ParseDay(value)
	case *worlds.Method:
		*p = worlds.Method(value)
	case func(string) error:
		err = p(value)
	default:
		err = errors.New("a table: say of what, as in need.STAFF")
	}
	return err
}

// joined puts several sets of keys together.
func joined(sets ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, s := range sets {
		maps.Copy(out, s)
	}
	return out
}
