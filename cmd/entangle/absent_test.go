package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entangle/queries"
)

// flagsNaming are the words by which a command is told whom its question is about, by the
// argument of the field: of a group and of an institution.
var flagsNaming = map[string]func(group, institution string) []string{
	"targets":      func(group, _ string) []string { return []string{"--group", group} },
	"withTargets":  func(group, _ string) []string { return []string{"--with-group", group} },
	"groups":       func(group, _ string) []string { return []string{"--group", group} },
	"nodes":        func(group, _ string) []string { return []string{group} },
	"institutions": func(_, institution string) []string { return []string{"--institution", institution} },
	"office":       func(_, _ string) []string { return []string{"--office", "Minister"} },
	"from":         func(group, _ string) []string { return []string{group} },
	"to":           func(_, institution string) []string { return []string{institution} },
}

// TestNobodyAskedAboutIsOnRecord: asked about nothing that was there on the day every
// command answers so, with status 0; about one more that was there it answers and names
// who was not.
func TestNobodyAskedAboutIsOnRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, late := filepath.Join(dir, "small.db"), filepath.Join(dir, "nodes.csv")
	rows := ":ID,:LABEL,name,types:string[],founded\ng-late,Group,Late,armed_group,2030\ni-late,Institution,Young,court,2030\n"
	if err := os.WriteFile(late, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv", late)
	s := doorSchema(t)
	for _, row := range queries.Questions() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			_, asked := daysOf(row)
			if row.Days == 2 {
				asked = []string{"--from", "2015-01-01", "--to", doorDay.String()}
			}
			asked = words([]string{row.Command, "--store", file, "--wide"}, asked)
			var absent, present []string
			for _, arg := range s.Query.Fields.ForName(row.Name).Arguments {
				if name := flagsNaming[arg.Name]; name != nil && arg.Type.Name() != "Date" {
					absent, present = append(absent, name("Late", "Young")...), append(present, name("Lions", "Ministry")...)
				}
			}
			if len(absent) == 0 {
				t.Fatal("no argument names whom the question is about: give it a line in flagsNaming")
			}
			out := string(runDoor(t, words(asked, absent)...))
			if !strings.Contains(out, ": founded 2030, after the day\n") || !strings.Contains(out, "\nNO RECORD: ") || strings.Contains(out, "%") {
				t.Errorf("%s does not say that there is no answer, or has figures:\n%s", absent, out)
			}
			if row.Name == "paths" { // it has two ends, and both have to be there
				return
			}
			out = string(runDoor(t, words(asked, absent, present)...))
			if !strings.Contains(out, ": founded 2030, after the day\n") || strings.Contains(out, "NO RECORD") {
				t.Errorf("%s does not answer of those who are there:\n%s", words(absent, present), out)
			}
		})
	}
}
