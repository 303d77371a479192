package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// target is what a task is to take at most, 0 where nothing was set.
type target struct{ wall, peak float64 }

// targets are for two processors, or one where a task runs on one, by the beginning of
// the name of a task.
var targets = map[string]target{
	"components":           {wall: 0.15},
	"purge of 100000 ":     {wall: 1},
	"purge of 1000000 ":    {wall: 12, peak: 1536},
	"entanglement of 60 g": {wall: 20},
}

func targetOf(f figure) target {
	for begins, t := range targets {
		if strings.HasPrefix(f.Task, begins) && (f.Worlds == 1024 || f.Worlds == 0) {
			return t
		}
	}
	return target{}
}

// table reads figures and prints ours beside their targets, the peers beside ours, and
// how the cost of a purge grows.
func table(r io.Reader, w io.Writer) error {
	var all []figure
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var f figure
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return fmt.Errorf("no figure: %q: %w", lines.Text(), err)
		}
		all = append(all, f)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b figure) int { return cmp.Compare(a.Task, b.Task) })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	ours(t, all)
	peers(t, all)
	growth(t, all, "ties", func(f figure) (vary, keep int) { return f.Ties, f.Worlds })
	growth(t, all, "worlds", func(f figure) (vary, keep int) { return f.Worlds, f.Ties })
	return t.Flush()
}

func ours(t io.Writer, all []figure) {
	fmt.Fprintln(t, "task\tties\tworlds\twall s\tcpu s\tat most\tpeak MiB\tat most\tload\tanswer")
	for _, f := range all {
		if f.Tool != entangle {
			continue
		}
		want := targetOf(f)
		fmt.Fprintf(t, "%s\t%d\t%d\t%.3f\t%.3f\t%s\t%.0f\t%s\t%.1f\t%s\n",
			f.Task, f.Ties, f.Worlds, f.Wall, f.CPU, limit(want.wall), f.Peak, limit(want.peak), f.Load, f.Answer)
	}
}

func limit(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%g", v)
}

// peers compares processor time a world, or a task.
func peers(t io.Writer, all []figure) {
	fmt.Fprintln(t, "\ntask\ttool\tms cpu\tms wall\ttimes ours (cpu)\tpeak MiB\tload\tanswer")
	each := func(f figure, seconds float64) float64 { return 1000 * seconds / float64(max(f.Worlds, 1)) }
	told := map[string]bool{} // of several figures of ours for a task the first
	for _, our := range all {
		if our.Tool != entangle || told[our.Task] || !slices.ContainsFunc(all, func(f figure) bool { return f.Tool != entangle && f.Task == our.Task }) {
			continue
		}
		told[our.Task] = true
		for _, f := range all {
			if f == our || f.Tool != entangle && f.Task == our.Task {
				fmt.Fprintf(t, "%s\t%s\t%.2f\t%.2f\t%.1f\t%.0f\t%.1f\t%s\n",
					f.Task, f.Tool, each(f, f.CPU), each(f, f.Wall), each(f, f.CPU)/each(our, our.CPU), f.Peak, f.Load, f.Answer)
			}
		}
	}
}

// growth fits cost = c · sizeᵉ to purges that differ in one size, by least squares of the
// logarithms: linear growth is e = 1.
func growth(t io.Writer, all []figure, name string, of func(figure) (vary, keep int)) {
	series := map[int][]figure{}
	for _, f := range all {
		if strings.HasPrefix(f.Task, "purge") && f.Tool == entangle {
			_, keep := of(f)
			series[keep] = append(series[keep], f)
		}
	}
	for _, keep := range slices.Sorted(maps.Keys(series)) {
		list := series[keep]
		if len(list) < 3 {
			continue
		}
		slices.SortFunc(list, func(a, b figure) int { return cmp.Compare(a.CPU, b.CPU) })
		fmt.Fprintf(t, "\npurge by %s\tcpu s\tµs cpu each\n", name)
		var x, y []float64
		for _, f := range list {
			vary, _ := of(f)
			fmt.Fprintf(t, "%d\t%.3f\t%.3f\n", vary, f.CPU, 1e6*f.CPU/float64(vary))
			x, y = append(x, math.Log(float64(vary))), append(y, math.Log(f.CPU))
		}
		fmt.Fprintf(t, "exponent\t%.2f\n", slope(x, y))
	}
}

// slope of the line of least squares.
func slope(x, y []float64) float64 {
	mean := func(v []float64) (m float64) {
		for _, a := range v {
			m += a / float64(len(v))
		}
		return m
	}
	mx, my := mean(x), mean(y)
	over, under := 0.0, 0.0
	for i := range x {
		over += (x[i] - mx) * (y[i] - my)
		under += (x[i] - mx) * (x[i] - mx)
	}
	return over / under
}
