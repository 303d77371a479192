package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Files are 32-bit integers, little-endian, so that every tool reads them at once.
const (
	componentNodes, componentTies = 1_000_000, 5_000_000
	cascadeNodes, cascadeTies     = 100_000, 500_000

	tiesFile    = "components.ties"
	cascadeFile = "cascade.ties"   // from, to: who is reached by whom
	chanceFile  = "cascade.chance" // of each, in parts per million
)

// removals are the nodes that are taken away before components are counted.
var removals = []struct {
	task, file string
	part       int // of a hundred
	top        bool
}{
	{"components without a random 1 %", "components.random", 1, false},
	{"components without the top 20 %", "components.top", 20, true},
}

// generate writes the files that we and the peers read.
func generate(dir string) error {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // made-up data
	ends := make([]int32, 2*componentTies)
	degree := make([]int32, componentNodes)
	for i := range ends {
		ends[i] = r.Int32N(componentNodes)
		degree[ends[i]]++
	}
	if err := writeInts(dir, tiesFile, ends); err != nil {
		return err
	}
	for _, what := range removals {
		nodes := make([]int32, componentNodes)
		for v := range nodes {
			nodes[v] = int32(v)
		}
		if what.top {
			slices.SortStableFunc(nodes, func(a, b int32) int { return -cmp.Compare(degree[a], degree[b]) })
		} else {
			r.Shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
		}
		if err := writeInts(dir, what.file, nodes[:componentNodes*what.part/100]); err != nil {
			return err
		}
	}
	ends = ends[:0]
	chances := make([]int32, cascadeTies)
	for i := range chances {
		from := r.Int32N(cascadeNodes)
		to := (from + 1 + r.Int32N(cascadeNodes-1)) % cascadeNodes // another
		ends = append(ends, from, to)
		chances[i] = 100_000 + r.Int32N(800_001) // 0.1 to 0.9
	}
	if err := writeInts(dir, cascadeFile, ends); err != nil {
		return err
	}
	return writeInts(dir, chanceFile, chances)
}

func writeInts(dir, name string, numbers []int32) error {
	file, err := os.Create(filepath.Join(dir, name)) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	if err := binary.Write(w, binary.LittleEndian, numbers); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

func readInts(dir, name string) ([]int32, error) {
	text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // the user names the folder
	if err != nil {
		return nil, fmt.Errorf("%w (write the files first: kernels generate DIR)", err)
	}
	numbers := make([]int32, len(text)/4)
	for i := range numbers {
		numbers[i] = int32(binary.LittleEndian.Uint32(text[4*i:]))
	}
	return numbers, nil
}
