package structure_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// network is a named graph that all measures run on. Its ties are written as rows "u: v
// w", apart by semicolons; a row "u:" names a node without ties of its own.
type network struct {
	name   string
	source string // where the ties are from
	n      int
	ties   int
	kind   structure.Direction
	rows   string
}

// networks is the one table of small graphs. Nodes written as numbers have that id,
// others get theirs in the order in which the rows first name them.
var networks = []network{
	{name: "empty", source: "corner case", rows: ""},
	{name: "one node", source: "corner case", n: 1, rows: "0:"},
	{name: "two apart", source: "corner case", n: 2, rows: "0:; 1:"},
	{name: "one tie", source: "corner case", n: 2, ties: 1, rows: "0: 1"},
	{name: "path", source: "corner case", n: 6, ties: 5, rows: "0: 1; 1: 2; 2: 3; 3: 4; 4: 5"},
	{name: "ring", source: "corner case", n: 6, ties: 6, rows: "0: 1; 1: 2; 2: 3; 3: 4; 4: 5; 5: 0"},
	{name: "star", source: "corner case", n: 6, ties: 5, rows: "0: 1 2 3 4 5"},
	{name: "bow tie", source: "corner case", n: 5, ties: 6, rows: "0: 1 2; 1: 2; 2: 3 4; 3: 4"},
	{name: "grid", source: "corner case", n: 9, ties: 12, rows: "0: 1 3; 1: 2 4; 2: 5; 3: 4 6; 4: 5 7; 5: 8; 6: 7; 7: 8"},
	{name: "pieces", source: "corner case", n: 9, ties: 5, rows: "0: 1; 1: 2; 3: 4 5; 4: 5; 6:; 7:; 8:"},
	{
		name: "two cliques", source: "Borgatti 2006, Fig. 5a", n: 10, ties: 20,
		rows: "0: 1 2 3 4; 1: 2 3 4; 2: 3 4; 3: 4; 5: 6 7 8 9; 6: 7 8 9; 7: 8 9; 8: 9",
	},
	{
		name: "two lines", source: "Borgatti 2006, Fig. 5b", n: 10, ties: 8,
		rows: "0: 1; 1: 2; 2: 3; 3: 4; 5: 6; 6: 7; 7: 8; 8: 9",
	},
	{
		name: "figure 1", source: "the matrix figure_1.txt of pyntacle's tests", n: 8, ties: 8,
		rows: "A: B C F G H; B: C D E",
	},
	{
		name: "figure 8", source: "Borgatti 2006, Fig. 8; the ties are in pyntacle's tests, figure_8.sif", n: 32, ties: 56,
		rows: `
			HS: PS KR; BR: WD KR GM BS3; WD: PS KR GM BS3 SF HA; PS: WS KR GM BS3; WS: KR GM BS3;
			KR: GM BS3 SF JE; GM: BS3 SF; BS3: SF JE LR; GS: DI; DI: KA HA; KA: PH; DB: BW; BW: PH BM;
			PH: BM SR; BM: HA LK CR SR; SR: HB; HB: TO CD NP EE; TO: MJ BS NP; MJ: BS; WL: CD; CD: BS NP;
			BS: NP; NP: BS2; BS2: MG`,
	},
	{
		name: "karate", source: "Zachary, J. Anthropol. Res. 33, 1977, numbered from 0", n: 34, ties: 78,
		rows: `
			0: 1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31; 1: 2 3 7 13 17 19 21 30; 2: 3 7 8 9 13 27 28 32;
			3: 7 12 13; 4: 6 10; 5: 6 10 16; 6: 16; 8: 30 32 33; 9: 33; 13: 33; 14: 32 33; 15: 32 33;
			18: 32 33; 19: 33; 20: 32 33; 22: 32 33; 23: 25 27 29 32 33; 24: 25 27 31; 25: 31; 26: 29 33;
			27: 33; 28: 31 33; 29: 32 33; 30: 32 33; 31: 32 33; 32: 33`,
	},
	{
		name: "kite", source: "Krackhardt, Admin. Sci. Q. 35, 1990, numbered as in networkx", n: 10, ties: 18,
		rows: `
			0: 1 2 3 5; 1: 3 4 6; 2: 3 5; 3: 4 5 6; 4: 6; 5: 6 7; 6: 7; 7: 8; 8: 9`,
	},
	{
		name: "Florentine families", source: "Breiger and Pattison, Social Networks 8, 1986, marriages", n: 15, ties: 20,
		rows: `
			Acciaiuoli: Medici; Medici: Barbadori Ridolfi Tornabuoni Albizzi Salviati;
			Castellani: Peruzzi Strozzi Barbadori; Peruzzi: Strozzi Bischeri; Strozzi: Ridolfi Bischeri;
			Ridolfi: Tornabuoni; Tornabuoni: Guadagni; Albizzi: Ginori Guadagni; Salviati: Pazzi;
			Bischeri: Guadagni; Guadagni: Lamberteschi`,
	},
	{
		name: "Les Miserables", source: "Knuth, The Stanford GraphBase, 1993, without weights, numbered as in networkx", n: 77, ties: 254,
		rows: `
			0: 1; 1: 2 3 4 5 6 7 8 9 10; 2: 3 10; 3: 10;
			10: 11 12 13 14 15 23 24 25 26 27 28 29 31 32 33 34 35 36 37 38 43 44 48 49 51 55 58 64 68 69 70 71 72;
			12: 23; 16: 17 18 19 20 21 22 23; 17: 18 19 20 21 22 23 26 55; 18: 19 20 21 22 23; 19: 20 21 22 23;
			20: 21 22 23; 21: 22 23; 22: 23; 23: 24 25 27 29 30 31; 24: 25 26 27 41 42 50 68 69 70;
			25: 26 27 39 40 41 42 48 55 68 69 70 71 75; 26: 27 43 49 51 54 55 72;
			27: 28 29 31 33 43 48 58 68 69 70 71 72; 28: 44 45; 29: 34 35 36 37 38; 30: 31; 34: 35 36 37 38;
			35: 36 37 38; 36: 37 38; 37: 38; 39: 52 55; 41: 42 55 57 62 68 69 70 71 75; 46: 47 48;
			48: 55 57 58 59 60 61 62 63 64 65 66 68 69 71 73 74 75 76; 49: 50 51 54 55 56; 51: 52 53 54 55;
			54: 55; 55: 56 57 58 59 61 62 63 64 65; 57: 58 59 61 62 63 64 65 67;
			58: 59 60 61 62 63 64 65 66 70 76; 59: 60 61 62 63 64 65 66; 60: 61 62 63 64 65 66;
			61: 62 63 64 65 66; 62: 63 64 65 66 76; 63: 64 65 66 76; 64: 65 66 76; 65: 66 76; 66: 76;
			68: 69 70 71 75; 69: 70 71 75; 70: 71 75; 71: 75; 73: 74`,
	},
	{name: "arc", source: "corner case", n: 2, ties: 1, kind: structure.Directed, rows: "0: 1"},
	{name: "there and back", source: "corner case", n: 3, ties: 3, kind: structure.Directed, rows: "0: 1; 1: 0 2"},
	{
		name: "command", source: "a chain with a second line to d", n: 8, ties: 8, kind: structure.Directed,
		rows: "apex: a b; a: c d; b: d; d: e f; c: g",
	},
	{
		name: "two apexes", source: "an office with two superiors", n: 5, ties: 4, kind: structure.Directed,
		rows: "pm: moi; iran: kh; kh: moi; moi: fed",
	},
	{
		name: "tangle", source: "cycles, a node that is its own superior's superior, an island", n: 9, ties: 11, kind: structure.Directed,
		rows: "0: 1; 1: 2 3; 2: 1 4; 3: 4; 4: 5; 5: 4; 6: 3; 7: 8; 8: 7",
	},
}

// tb is a test, a benchmark, or a run of rapid.
type tb interface {
	rapid.TB
	Context() context.Context
}

// graph builds the network and returns the ids of its nodes by name.
func (nw network) graph(t tb) (*structure.Graph, map[string]int32) {
	t.Helper()
	ids := make(map[string]int32)
	id := func(name string) int32 {
		if number, err := strconv.Atoi(name); err == nil {
			ids[name] = int32(number)
		} else if _, known := ids[name]; !known {
			ids[name] = int32(len(ids))
		}
		return ids[name]
	}
	var edges [][2]int32
	for row := range strings.SplitSeq(nw.rows, ";") {
		tail, heads, _ := strings.Cut(strings.TrimSpace(row), ":")
		if tail == "" {
			continue
		}
		v := id(tail)
		for head := range strings.FieldsSeq(heads) {
			edges = append(edges, [2]int32{v, id(head)})
		}
	}
	g, err := structure.New(nw.n, edges, nw.kind)
	if err != nil {
		t.Fatalf("%s: %v", nw.name, err)
	}
	if g.Ties() != nw.ties || len(ids) != nw.n || g.Merged() != (structure.Merged{}) {
		t.Fatalf("%s: typed %d nodes and %d ties (left out %+v), want %d and %d", nw.name, len(ids), g.Ties(), g.Merged(), nw.n, nw.ties)
	}
	return g, ids
}

// named returns one network of the table.
func named(t tb, name string) (*structure.Graph, map[string]int32) {
	t.Helper()
	for _, nw := range networks {
		if nw.name == name {
			return nw.graph(t)
		}
	}
	t.Fatalf("no network %q in the table", name)
	return nil, nil
}

// each runs a test on every network of the table of the given kinds, all if none.
func each(t *testing.T, run func(t *testing.T, g *structure.Graph), kinds ...structure.Direction) {
	t.Helper()
	for _, nw := range networks {
		if len(kinds) > 0 && nw.kind != kinds[0] {
			continue
		}
		t.Run(nw.name, func(t *testing.T) {
			g, _ := nw.graph(t)
			run(t, g)
		})
	}
}

// mask removes the named nodes.
func mask(t tb, g *structure.Graph, removed ...int32) structure.Mask {
	t.Helper()
	m, err := structure.NewMask(g.Nodes(), removed...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pick returns the ids of names.
func pick(t tb, ids map[string]int32, names string) []int32 {
	t.Helper()
	var picked []int32
	for name := range strings.FieldsSeq(names) {
		id, known := ids[name]
		if !known {
			t.Fatalf("no node %q", name)
		}
		picked = append(picked, id)
	}
	return picked
}

// near fails unless got is want to within half a unit of the given decimal.
func near(t tb, what string, got, want float64, decimals int) {
	t.Helper()
	if g, w := strconv.FormatFloat(got, 'f', decimals, 64), strconv.FormatFloat(want, 'f', decimals, 64); g != w {
		t.Errorf("%s = %v, want %s", what, got, w)
	}
}

// edges lists the ties of g, the smaller node first if it is undirected.
func edges(g *structure.Graph) [][2]int32 {
	var list [][2]int32
	for v := range int32(g.Nodes()) {
		for _, w := range g.Neighbours(v) {
			if g.Direction() == structure.Directed || v < w {
				list = append(list, [2]int32{v, w})
			}
		}
	}
	return list
}

func TestNetworksHaveDistinctNames(t *testing.T) {
	seen := make(map[string]bool)
	for _, nw := range networks {
		if seen[nw.name] || nw.source == "" {
			t.Errorf("%q is named twice or has no source", nw.name)
		}
		seen[nw.name] = true
	}
}
