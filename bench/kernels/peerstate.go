package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"entangle/bench/madeup"
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// The state of peerPersons as a peer reads it: ties as rows of whole numbers, and what
// they mean, what is struck, the parameters and what we answer beside them.
const (
	peerPersons = 100_000
	peerTies    = "state.ties"
	peerState   = "state.json"
)

// struckGroup is the target of every purge of a made-up state.
const struckGroup = graph.ID("g7")

// peerFile is what peerState holds. Nodes are numbered by kind.
type peerFile struct {
	Kinds  map[string][2]int32 // first node, and the one past the last
	Types  map[string]int      // numbers of the types of tie
	Forms  map[string]int
	Struck int32
	// Institutions are their types, in the order of their numbers.
	Institutions []string
	Params       worlds.Params
	// Fractured is what we answer, by institution, from Worlds.
	Fractured []float64
	Worlds    int
}

// writeState writes a state for the peers. A row of its ties is type, from, to,
// probability and weight (both in parts per million, the weight −1 where unknown), form,
// and whether it is one of command.
func writeState(ctx context.Context, dir string) error {
	made := madeup.Of(peerPersons)
	s, err := made.Snapshot(ctx)
	if err != nil {
		return err
	}
	file := peerFile{
		Kinds: map[string][2]int32{}, Types: map[string]int{},
		Forms: map[string]int{"command": int(projection.Command), "staffing": int(projection.Staffing)}, Params: worlds.DefaultParams(),
	}
	for _, kind := range []graph.Kind{graph.Person, graph.Group, graph.Institution, graph.Post, graph.RevenueStream} {
		lo, hi := s.Range(kind)
		file.Kinds[kind.String()] = [2]int32{lo, hi}
	}
	for _, typ := range graph.TieTypes() {
		file.Types[typ.Name] = int(typ.Type)
	}
	file.Struck, _ = s.Index(struckGroup)
	first := file.Kinds[graph.Institution.String()]
	for i := first[0]; i < first[1]; i++ {
		file.Institutions = append(file.Institutions, s.Body(i).Types[0])
	}
	rows := make([]int32, 0, 7*s.Ties())
	for t := range s.Ties() {
		tie, command := s.Tie(t), int32(0)
		if tie.Class == projection.CommandClass {
			command = 1
		}
		odds := int32(float64(tie.Probability)/float64(projection.Certain)*projection.Million + 0.5)
		rows = append(rows, int32(tie.Type), tie.From, tie.To, odds, tie.Weight, int32(tie.Form), command)
	}
	if err := writeInts(dir, peerTies, rows); err != nil {
		return err
	}
	file.Worlds = 4096
	file.Fractured = make([]float64, first[1]-first[0])
	r, err := queries.Purge(ctx, s, queries.PurgeInput{
		Targets: []graph.ID{struckGroup}, Params: file.Params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: file.Worlds, Seed: 2},
	})
	if err != nil {
		return err
	}
	for _, o := range r.Institutions {
		i, _ := s.Index(o.ID)
		file.Fractured[i-first[0]] = o.Fractured.P
	}
	text, err := json.Marshal(file)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, peerState), text, 0o600) //nolint:gosec // the user names the folder
}
