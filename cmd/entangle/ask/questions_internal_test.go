package ask

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/queries"
)

// storeless is a Host whose commands are looked at and not run.
func storeless() Host {
	return Host{AddStore: func(*pflag.FlagSet) WithStore { return nil }}
}

// TestEveryQuestionIsACommand: the list has each question of package queries once.
func TestEveryQuestionIsACommand(t *testing.T) {
	var want, got []string
	for question := range queries.QuestionDefaults() {
		want = append(want, question)
	}
	for _, c := range commands() {
		got = append(got, c.question)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the questions of package queries and the list in commands() of ask.go differ (-queries +ask):\n%s", diff)
	}
}

// isNode: a node, a tie or a date of the data, not a part of an answer.
func isNode(d *gql.Definition) bool {
	return d.Kind == gql.Interface || slices.Contains(d.Interfaces, "Node") || d.Name == "PartialDate"
}

// TestCommandsAskForEverything: --json tells all that GraphQL could, with as many rows
// of each list where nobody says how many.
func TestCommandsAskForEverything(t *testing.T) {
	text, err := os.ReadFile("../../../schema/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		t.Run(c.question, func(t *testing.T) {
			doc, problems := gqlparser.LoadQueryWithRules(s, withFragments(c.document), nil)
			if problems != nil {
				t.Fatal(problems)
			}
			flag := c.make(storeless()).Flags().Lookup("first")
			var check func(path string, of *gql.Definition, set gql.SelectionSet)
			check = func(path string, of *gql.Definition, set gql.SelectionSet) {
				if isNode(of) {
					return
				}
				asked := map[string]*gql.Field{}
				collect(set, asked)
				for _, f := range of.Fields {
					chosen := asked[f.Name]
					if chosen == nil {
						t.Errorf("%s: %s is not asked for", path, f.Name)
						continue
					}
					if a := chosen.Arguments.ForName("first"); a != nil && a.Value.Kind == gql.Variable && a.Value.Raw == "first" {
						if want := f.Arguments.ForName("first").DefaultValue.Raw; flag.DefValue != want {
							t.Errorf("%s.%s lists %s, --first %s", path, f.Name, want, flag.DefValue)
						}
					}
					if d := s.Types[f.Type.Name()]; d.IsCompositeType() {
						check(path+"."+f.Name, d, chosen.SelectionSet)
					}
				}
			}
			root := doc.Operations[0].SelectionSet[0].(*gql.Field) //nolint:forcetypeassert // a document asks one field
			check(c.question, s.Types[root.Definition.Type.Name()], root.SelectionSet)
		})
	}
}

func collect(set gql.SelectionSet, into map[string]*gql.Field) {
	for _, sel := range set {
		switch x := sel.(type) {
		case *gql.Field:
			into[x.Name] = x
		case *gql.FragmentSpread:
			collect(x.Definition.SelectionSet, into)
		case *gql.InlineFragment:
			collect(x.SelectionSet, into)
		}
	}
}
