package usage_test

import (
	"testing"

	"entangle/cmd/entangle/usage"
)

func TestMany(t *testing.T) {
	for _, tt := range []struct {
		n           int
		nouns, want string
	}{
		{1, "stage", "1 stage"},
		{0, "stage", "0 stages"},
		{2, "apex", "2 apexes"},
		{3, "more loss", "3 more losses"},
		{2, "more way", "2 more ways"},
		{2, "body", "2 bodies"},
		{1, "person or group", "1 person or group"},
		{8, "person or group", "8 persons or groups"},
		{9, "uncertain tie or response", "9 uncertain ties or responses"},
	} {
		if got := usage.Many(tt.n, tt.nouns); got != tt.want {
			t.Errorf("Many(%d, %q) = %q, want %q", tt.n, tt.nouns, got, tt.want)
		}
	}
}
