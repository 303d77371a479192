package ask

import (
	"fmt"
	"strings"
)

// stakeAnswer is what a group has and what a purge takes of it.
type stakeAnswer struct {
	Group                                       nodeAnswer
	Members, Posts, Strength, Streams, Diverted *lossAnswer
}

type lossAnswer struct{ Before, Lost amountAnswer }

// of tells a loss, nothing of what there is none.
func (l *lossAnswer) of(what string, digits int) string {
	if l == nil || l.Before.Value == 0 {
		return ""
	}
	return fmt.Sprintf("%s %.*f of %.*f", what, digits, l.Lost.Value, digits, l.Before.Value)
}

// printStakes tells what a purge takes from the groups that it is aimed at.
func printStakes(w *page, lead string, stakes []stakeAnswer) {
	for _, s := range stakes {
		var parts []string
		for _, part := range []string{s.Members.of("members", 1), s.Posts.of("posts", 1), s.Strength.of("strength", 0), s.Streams.of("revenue streams", 2)} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		if len(parts) == 0 {
			continue
		}
		back := ""
		if s.Diverted != nil && s.Diverted.Lost.Value > 0 {
			back = fmt.Sprintf(", of them %.2f diverted, which can come back to those whom they are due to", s.Diverted.Lost.Value)
		}
		fmt.Fprintf(w, "%s %s: %s%s.\n", lead, s.Group.Name, strings.Join(parts, ", "), back)
	}
}
