package structure_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

func TestNewMergesWhatIsNotSimple(t *testing.T) {
	ties := [][2]int32{{2, 1}, {1, 2}, {0, 0}, {1, 2}, {0, 2}}
	for _, tt := range []struct {
		kind   structure.Direction
		want   [][2]int32
		merged structure.Merged
	}{
		{structure.Undirected, [][2]int32{{0, 2}, {1, 2}}, structure.Merged{Loops: 1, Parallel: 2}},
		{structure.Directed, [][2]int32{{0, 2}, {1, 2}, {2, 1}}, structure.Merged{Loops: 1, Parallel: 1}},
	} {
		g, err := structure.New(3, ties, tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, edges(g)); diff != "" {
			t.Errorf("%v ties (-want +got):\n%s", tt.kind, diff)
		}
		if g.Merged() != tt.merged || g.Ties() != len(tt.want) {
			t.Errorf("%v: left out %+v of %d, want %+v of %d", tt.kind, g.Merged(), g.Ties(), tt.merged, len(tt.want))
		}
		for _, e := range tt.want {
			if !g.HasTie(e[0], e[1]) {
				t.Errorf("%v: tie %v is not had", tt.kind, e)
			}
		}
		if g.HasTie(0, 1) || g.HasTie(-1, 0) || g.HasTie(3, 0) {
			t.Errorf("%v: has a tie there is not", tt.kind)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		n    int
		ties [][2]int32
		kind structure.Direction
		want error
	}{
		{"id past the end", 2, [][2]int32{{0, 1}, {1, 2}}, structure.Undirected, structure.ErrNode},
		{"negative id", 2, [][2]int32{{-1, 1}}, structure.Directed, structure.ErrNode},
		{"negative size", -1, nil, structure.Undirected, structure.ErrSize},
		{"too many nodes", 1 << 30, nil, structure.Undirected, structure.ErrSize},
		{"no such kind", 1, nil, 2, structure.ErrOption},
	} {
		if _, err := structure.New(tt.n, tt.ties, tt.kind); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestFromCSRSharesTheArrays(t *testing.T) {
	off, to := []int32{0, 1, 3, 4}, []int32{1, 0, 2, 1}
	g, err := structure.FromCSR(off, to, structure.Undirected)
	if err != nil {
		t.Fatal(err)
	}
	if row := g.Neighbours(1); &row[0] != &to[1] {
		t.Error("the rows were copied")
	}
	if want := [][2]int32{{0, 1}, {1, 2}}; !slices.Equal(edges(g), want) {
		t.Errorf("ties %v, want %v", edges(g), want)
	}
}

func TestFromCSRRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		off, to []int32
		kind    structure.Direction
	}{
		{"no offsets", nil, nil, structure.Undirected},
		{"not from 0", []int32{1, 1}, []int32{0}, structure.Directed},
		{"short of the arcs", []int32{0, 0}, []int32{0}, structure.Directed},
		{"falling offsets", []int32{0, 2, 1}, []int32{1}, structure.Directed},
		{"offset past the end", []int32{0, 9, 1}, []int32{1}, structure.Directed},
		{"negative offset", []int32{0, -1, 1}, []int32{1}, structure.Directed},
		{"head past the end", []int32{0, 1, 1}, []int32{2}, structure.Directed},
		{"negative head", []int32{0, 1, 1}, []int32{-1}, structure.Directed},
		{"loop", []int32{0, 1}, []int32{0}, structure.Directed},
		{"not ascending", []int32{0, 2, 2, 2}, []int32{2, 1}, structure.Directed},
		{"parallel", []int32{0, 2, 2}, []int32{1, 1}, structure.Directed},
		{"one row only", []int32{0, 1, 1}, []int32{1}, structure.Undirected},
	} {
		if _, err := structure.FromCSR(tt.off, tt.to, tt.kind); !errors.Is(err, structure.ErrCSR) {
			t.Errorf("%s: error %v, want ErrCSR", tt.name, err)
		}
	}
}

func TestZeroGraph(t *testing.T) {
	var g structure.Graph
	c, err := structure.ComponentsOf(t.Context(), &g, structure.Mask{})
	if err != nil || len(c.Sizes) != 0 || g.Ties() != 0 || g.Undirected() != &g {
		t.Errorf("components %v, error %v", c, err)
	}
	if _, err := structure.CutsOf(t.Context(), &g, structure.Mask{}); err != nil {
		t.Error(err)
	}
}

func TestUndirectedJoinsBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t, structure.Directed)
		u := g.Undirected()
		want, err := structure.New(g.Nodes(), edges(g), structure.Undirected)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(edges(want), edges(u)); diff != "" {
			t.Fatalf("ties (-want +got):\n%s", diff)
		}
		var off, to []int32
		off = append(off, 0)
		for v := range int32(u.Nodes()) {
			to = append(to, u.Neighbours(v)...)
			off = append(off, int32(len(to)))
		}
		if _, err := structure.FromCSR(off, to, structure.Undirected); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMask(t *testing.T) {
	m, err := structure.NewMask(70, 69, 3, 64, 3)
	if err != nil {
		t.Fatal(err)
	}
	other := m.Clone()
	if err := errors.Join(other.Restore(3), other.Remove(0)); err != nil {
		t.Fatal(err)
	}
	if got := slices.Collect(m.All()); !slices.Equal(got, []int32{3, 64, 69}) || m.Count() != 3 {
		t.Errorf("removed %v", got)
	}
	if got := slices.Collect(other.All()); !slices.Equal(got, []int32{0, 64, 69}) {
		t.Errorf("the clone removed %v", got)
	}
	if !m.Has(64) || m.Has(65) || m.Has(-1) || m.Has(70) || (structure.Mask{}).Has(0) {
		t.Error("Has is wrong")
	}
	for _, v := range []int32{-1, 70} {
		if err := m.Remove(v); !errors.Is(err, structure.ErrNode) {
			t.Errorf("Remove(%d): %v", v, err)
		}
		if err := m.Restore(v); !errors.Is(err, structure.ErrNode) {
			t.Errorf("Restore(%d): %v", v, err)
		}
	}
	if _, err := structure.NewMask(2, 2); !errors.Is(err, structure.ErrNode) {
		t.Errorf("NewMask with a node too many: %v", err)
	}
	if _, err := structure.NewMask(-1); !errors.Is(err, structure.ErrSize) {
		t.Errorf("NewMask of negative size: %v", err)
	}
}

func TestMaskFromWords(t *testing.T) {
	words := []uint64{1 << 63, 1}
	m, err := structure.MaskFromWords(65, words)
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Collect(m.All()); !slices.Equal(got, []int32{63, 64}) {
		t.Errorf("removed %v", got)
	}
	words[0] |= 1
	if !m.Has(0) {
		t.Error("the words were copied")
	}
	for name, bad := range map[string]struct {
		n     int
		words []uint64
	}{
		"stray bit": {65, []uint64{0, 2}}, "too few": {65, []uint64{0}}, "too many": {64, []uint64{0, 0}}, "negative": {-1, nil},
	} {
		if _, err := structure.MaskFromWords(bad.n, bad.words); !errors.Is(err, structure.ErrMask) {
			t.Errorf("%s: error %v, want ErrMask", name, err)
		}
	}
}

// drawGraph draws a graph of up to 14 nodes and a mask of some of them.
func drawGraph(t *rapid.T, kind structure.Direction) (*structure.Graph, structure.Mask) {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	node := rapid.Int32Range(0, int32(n-1))
	tie := rapid.Custom(func(t *rapid.T) [2]int32 { return [2]int32{node.Draw(t, "v"), node.Draw(t, "w")} })
	g, err := structure.New(n, rapid.SliceOfN(tie, 0, 3*n).Draw(t, "ties"), kind)
	if err != nil {
		t.Fatal(err)
	}
	m, err := structure.NewMask(n, rapid.SliceOfN(node, 0, n/3).Draw(t, "removed")...)
	if err != nil {
		t.Fatal(err)
	}
	return g, m
}
