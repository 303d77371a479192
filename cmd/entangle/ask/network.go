package ask

import (
	"fmt"
	"strconv"
)

// networkAnswer is how fragmented the bare network is.
type networkAnswer struct {
	Nodes, Components, Largest int
	Residual, Original         float64
	Distance                   *distanceAnswer
}

type distanceAnswer struct {
	Residual, Original amountAnswer
	Sources            int
}

type networkRow struct {
	what  string
	state networkAnswer
}

// printNetwork prints Borgatti's F and DF under both denominators, a network a row.
func printNetwork(w *page, rows ...networkRow) error {
	t := newTable(w, called("NETWORK"), figure("NODES"), figure("PARTS"), figure("LARGEST"), figure("F (LEFT)"), figure("F (ALL)"), figure("DF (LEFT)"), figure("DF (ALL)"))
	unknown, sampled := false, 0
	for _, r := range rows {
		left, all := "–", "–"
		if d := r.state.Distance; d != nil {
			left, all = withBounds(d.Residual), withBounds(d.Original)
			if d.Residual.Low < d.Residual.High {
				sampled = d.Sources
			}
		}
		unknown = unknown || r.state.Distance == nil
		t.row(r.what, strconv.Itoa(r.state.Nodes), strconv.Itoa(r.state.Components), strconv.Itoa(r.state.Largest),
			fmt.Sprintf("%.3f", r.state.Residual), fmt.Sprintf("%.3f", r.state.Original), left, all)
	}
	if err := t.print(); err != nil {
		return err
	}
	if unknown {
		fmt.Fprintln(w, "DF takes a search from every node: of a network this large it is not worked out unless asked for (purge --distances).")
	}
	if sampled > 0 {
		fmt.Fprintf(w, "DF is an estimate from %d of the nodes, with its 95%% interval.\n", sampled)
	}
	return nil
}

// withBounds writes a share with its interval, an exact one alone.
func withBounds(a amountAnswer) string {
	if a.Low == a.High {
		return fmt.Sprintf("%.3f", a.Value)
	}
	return fmt.Sprintf("%.3f (%.3f–%.3f)", a.Value, a.Low, a.High)
}
