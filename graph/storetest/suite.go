// Package storetest is the contract of graph.Store as one suite of tests that
// every store passes, together with the reference it is held against: a store
// made of maps (Model), a drawn graph (Fixture) and random batches and queries.
//
// A store's test file opens an empty store and calls Run:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) graph.Store { … })
//	}
//
// The suite finds its own cases by reflection, so that a new rule reaches every
// store at once. A store that cannot keep a category of rules says so by an
// Exception with its reason.
package storetest

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"entangle/graph"
)

// Exception leaves out a category of cases. Category is the first word of the
// cases' names after Test, in lower case: "isolation" leaves out
// TestIsolation….
type Exception struct{ Category, Reason string }

// Reopener is implemented by a store under test that can be closed and opened
// again with its data. Without it the category "reopen" has to be left out.
type Reopener interface {
	// Reopen closes the store and opens it again.
	Reopen(t *testing.T) graph.Store
}

// Case is what a case of the suite works on.
type Case struct {
	// Store is open and empty at the beginning of the case.
	Store graph.Store
	open  func(t *testing.T) graph.Store
}

// Fresh closes the case's store and opens an empty one in its place. No two
// stores are open at the same time: a server may have but one database.
func (c *Case) Fresh(t *testing.T) graph.Store {
	t.Helper()
	c.close(t)
	c.Store = c.open(t)
	return c.Store
}

func (c *Case) close(t *testing.T) {
	t.Helper()
	if c.Store == nil {
		return
	}
	if err := c.Store.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
		t.Errorf("close: %v", err)
	}
	c.Store = nil
}

// suite carries the cases: its methods TestXxx(t, *Case).
type suite struct{}

// Run runs the contract. open returns an empty store; the suite closes it
// before it opens the next.
func Run(t *testing.T, open func(t *testing.T) graph.Store, except ...Exception) {
	t.Helper()
	cases := cases(t)
	left := map[string]string{}
	for _, e := range except {
		known := slices.ContainsFunc(slices.Collect(maps.Keys(cases)), func(name string) bool { return category(name) == e.Category })
		if !known || strings.TrimSpace(e.Reason) == "" {
			t.Fatalf("exception %+v: names no category of the suite, or no reason", e)
		}
		left[e.Category] = e.Reason
	}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(strings.TrimPrefix(name, "Test"), func(t *testing.T) {
			if reason, ok := left[category(name)]; ok {
				t.Skipf("category %s is left out: %s", category(name), reason)
			}
			c := &Case{open: open}
			t.Cleanup(func() { c.close(t) })
			c.Fresh(t)
			cases[name](t, c)
		})
	}
}

// Categories lists the categories of cases in order.
func Categories() []string {
	var names []string
	for m := range reflect.TypeFor[suite]().Methods() {
		names = append(names, category(m.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func cases(t *testing.T) map[string]func(*testing.T, *Case) {
	t.Helper()
	found := map[string]func(*testing.T, *Case){}
	v := reflect.ValueOf(suite{})
	for i := range v.NumMethod() {
		name := v.Type().Method(i).Name
		if !strings.HasPrefix(name, "Test") {
			continue
		}
		run, ok := reflect.TypeAssert[func(*testing.T, *Case)](v.Method(i))
		if !ok {
			t.Fatalf("%s is not a func(*testing.T, *Case)", name)
		}
		found[name] = run
	}
	return found
}

// category is the first word after Test: TestIsolationOfViews is "isolation".
func category(name string) string {
	name = strings.TrimPrefix(name, "Test")
	end := strings.IndexFunc(name[1:], unicode.IsUpper)
	if end < 0 {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:end+1])
}
