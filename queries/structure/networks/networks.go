// Package networks is the one table of small graphs that every measure of package
// structure is tried on, by its tests and by the peers in bench/oracles.
package networks

import (
	"fmt"
	"strconv"
	"strings"

	"entangle/queries/structure"
)

// Network is a named graph. Its ties are written as rows "u: v w", apart by semicolons; a
// row "u:" names a node without ties of its own.
type Network struct {
	Name   string
	Source string // where the ties are from
	Nodes  int
	Ties   int
	Kind   structure.Direction
	Rows   string
}

// All returns the table.
func All() []Network { return table() }

// Edges returns the ties, and the ids of the nodes by name: a name that is a number is the
// id, others get theirs in the order in which the rows first name them.
func (nw Network) Edges() (edges [][2]int32, ids map[string]int32) {
	ids = make(map[string]int32)
	id := func(name string) int32 {
		if number, err := strconv.ParseInt(name, 10, 32); err == nil {
			ids[name] = int32(number)
		} else if _, known := ids[name]; !known {
			ids[name] = int32(len(ids))
		}
		return ids[name]
	}
	for row := range strings.SplitSeq(nw.Rows, ";") {
		tail, heads, _ := strings.Cut(strings.TrimSpace(row), ":")
		if tail == "" {
			continue
		}
		v := id(tail)
		for head := range strings.FieldsSeq(heads) {
			edges = append(edges, [2]int32{v, id(head)})
		}
	}
	return edges, ids
}

// Graph builds the network. It fails where the rows are not the nodes and ties that the
// table says there are.
func (nw Network) Graph() (*structure.Graph, map[string]int32, error) {
	edges, ids := nw.Edges()
	g, err := structure.New(nw.Nodes, edges, nw.Kind)
	if err != nil {
		return nil, nil, fmt.Errorf("networks: %s: %w", nw.Name, err)
	}
	if g.Ties() != nw.Ties || len(ids) != nw.Nodes || g.Merged() != (structure.Merged{}) {
		return nil, nil, fmt.Errorf("networks: %s: %d nodes and %d ties (left out %+v), want %d and %d", nw.Name, len(ids), g.Ties(), g.Merged(), nw.Nodes, nw.Ties)
	}
	return g, ids, nil
}

// table lists them.
func table() []Network {
	return []Network{
		{Name: "empty", Source: "corner case", Rows: ""},
		{Name: "one node", Source: "corner case", Nodes: 1, Rows: "0:"},
		{Name: "two apart", Source: "corner case", Nodes: 2, Rows: "0:; 1:"},
		{Name: "one tie", Source: "corner case", Nodes: 2, Ties: 1, Rows: "0: 1"},
		{Name: "path", Source: "corner case", Nodes: 6, Ties: 5, Rows: "0: 1; 1: 2; 2: 3; 3: 4; 4: 5"},
		{Name: "ring", Source: "corner case", Nodes: 6, Ties: 6, Rows: "0: 1; 1: 2; 2: 3; 3: 4; 4: 5; 5: 0"},
		{Name: "star", Source: "corner case", Nodes: 6, Ties: 5, Rows: "0: 1 2 3 4 5"},
		{Name: "bow tie", Source: "corner case", Nodes: 5, Ties: 6, Rows: "0: 1 2; 1: 2; 2: 3 4; 3: 4"},
		{Name: "grid", Source: "corner case", Nodes: 9, Ties: 12, Rows: "0: 1 3; 1: 2 4; 2: 5; 3: 4 6; 4: 5 7; 5: 8; 6: 7; 7: 8"},
		{Name: "pieces", Source: "corner case", Nodes: 9, Ties: 5, Rows: "0: 1; 1: 2; 3: 4 5; 4: 5; 6:; 7:; 8:"},
		{
			Name: "two cliques", Source: "Borgatti 2006, Fig. 5a", Nodes: 10, Ties: 20,
			Rows: "0: 1 2 3 4; 1: 2 3 4; 2: 3 4; 3: 4; 5: 6 7 8 9; 6: 7 8 9; 7: 8 9; 8: 9",
		},
		{
			Name: "two lines", Source: "Borgatti 2006, Fig. 5b", Nodes: 10, Ties: 8,
			Rows: "0: 1; 1: 2; 2: 3; 3: 4; 5: 6; 6: 7; 7: 8; 8: 9",
		},
		{
			Name: "figure 1", Source: "the matrix figure_1.txt of pyntacle's tests", Nodes: 8, Ties: 8,
			Rows: "A: B C F G H; B: C D E",
		},
		{
			Name: "figure 8", Source: "Borgatti 2006, Fig. 8; the ties are in pyntacle's tests, figure_8.sif", Nodes: 32, Ties: 56,
			Rows: `
			HS: PS KR; BR: WD KR GM BS3; WD: PS KR GM BS3 SF HA; PS: WS KR GM BS3; WS: KR GM BS3;
			KR: GM BS3 SF JE; GM: BS3 SF; BS3: SF JE LR; GS: DI; DI: KA HA; KA: PH; DB: BW; BW: PH BM;
			PH: BM SR; BM: HA LK CR SR; SR: HB; HB: TO CD NP EE; TO: MJ BS NP; MJ: BS; WL: CD; CD: BS NP;
			BS: NP; NP: BS2; BS2: MG`,
		},
		{
			Name: "karate", Source: "Zachary, J. Anthropol. Res. 33, 1977, numbered from 0", Nodes: 34, Ties: 78,
			Rows: `
			0: 1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31; 1: 2 3 7 13 17 19 21 30; 2: 3 7 8 9 13 27 28 32;
			3: 7 12 13; 4: 6 10; 5: 6 10 16; 6: 16; 8: 30 32 33; 9: 33; 13: 33; 14: 32 33; 15: 32 33;
			18: 32 33; 19: 33; 20: 32 33; 22: 32 33; 23: 25 27 29 32 33; 24: 25 27 31; 25: 31; 26: 29 33;
			27: 33; 28: 31 33; 29: 32 33; 30: 32 33; 31: 32 33; 32: 33`,
		},
		{
			Name: "kite", Source: "Krackhardt, Admin. Sci. Q. 35, 1990, numbered as in networkx", Nodes: 10, Ties: 18,
			Rows: `
			0: 1 2 3 5; 1: 3 4 6; 2: 3 5; 3: 4 5 6; 4: 6; 5: 6 7; 6: 7; 7: 8; 8: 9`,
		},
		{
			Name: "Florentine families", Source: "Breiger and Pattison, Social Networks 8, 1986, marriages", Nodes: 15, Ties: 20,
			Rows: `
			Acciaiuoli: Medici; Medici: Barbadori Ridolfi Tornabuoni Albizzi Salviati;
			Castellani: Peruzzi Strozzi Barbadori; Peruzzi: Strozzi Bischeri; Strozzi: Ridolfi Bischeri;
			Ridolfi: Tornabuoni; Tornabuoni: Guadagni; Albizzi: Ginori Guadagni; Salviati: Pazzi;
			Bischeri: Guadagni; Guadagni: Lamberteschi`,
		},
		{
			Name: "Les Miserables", Source: "Knuth, The Stanford GraphBase, 1993, without weights, numbered as in networkx", Nodes: 77, Ties: 254,
			Rows: `
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
		{Name: "arc", Source: "corner case", Nodes: 2, Ties: 1, Kind: structure.Directed, Rows: "0: 1"},
		{Name: "there and back", Source: "corner case", Nodes: 3, Ties: 3, Kind: structure.Directed, Rows: "0: 1; 1: 0 2"},
		{
			Name: "command", Source: "a chain with a second line to d", Nodes: 8, Ties: 8, Kind: structure.Directed,
			Rows: "apex: a b; a: c d; b: d; d: e f; c: g",
		},
		{
			Name: "two apexes", Source: "an office with two superiors", Nodes: 5, Ties: 4, Kind: structure.Directed,
			Rows: "pm: moi; iran: kh; kh: moi; moi: fed",
		},
		{
			Name: "tangle", Source: "cycles, a node that is its own superior's superior, an island", Nodes: 9, Ties: 11, Kind: structure.Directed,
			Rows: "0: 1; 1: 2 3; 2: 1 4; 3: 4; 4: 5; 5: 4; 6: 3; 7: 8; 8: 7",
		},
	}
}
