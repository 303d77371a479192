package worlds

import (
	"slices"
	"testing"
)

// TestEverySupportHasARow: a number of a support without a row would end the first purge.
func TestEverySupportHasARow(t *testing.T) {
	var names []string
	for sup, row := range supportTable {
		if row == nil {
			t.Fatalf("support number %d has no row: add one to supportTable in supporttable.go", sup)
		}
		if name := row.name(); name == "" || slices.Contains(names, name) {
			t.Errorf("support number %d is called %q", sup, name)
		} else {
			names = append(names, name)
		}
		if len(row.bears()) == 0 && !row.posts() {
			t.Errorf("nothing bears on %s: it would be assessed once and never again", row.name())
		}
	}
}
