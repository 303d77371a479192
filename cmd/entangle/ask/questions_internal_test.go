package ask

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/queries"
	"entangle/schema"
)

// storeless is a Host whose commands are looked at and not run.
func storeless() Host {
	return Host{AddStore: func(*pflag.FlagSet) WithStore { return nil }}
}

// TestEveryQuestionIsACommand: there is a command for each question of package queries,
// called as the table calls it, and none of its own for what is no question.
func TestEveryQuestionIsACommand(t *testing.T) {
	var want, got []string
	own := commands()
	for _, row := range queries.Questions() {
		want = append(want, row.Command)
		delete(own, row.Name)
	}
	for _, c := range Commands(storeless()) {
		got = append(got, c.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the table of questions and the commands differ (-queries +ask):\n%s", diff)
	}
	for name := range own {
		t.Errorf("commands() of ask.go has %s, which is no question of queries.Questions", name)
	}
}

// TestPlainCommands: a command could be made of every field whose arguments are texts,
// numbers, switches and the model.
func TestPlainCommands(t *testing.T) {
	for _, row := range queries.Questions() {
		field := queryField(row.Name)
		document, err := wholeAnswer(field)
		if err != nil {
			t.Fatal(err)
		}
		flags := plainCommand(storeless(), row).Flags()
		for _, arg := range field.Arguments {
			if flags.Lookup(flagName(arg)) == nil && arg.Name != "staleness" {
				t.Errorf("%s: no flag --%s for %s", row.Name, flagName(arg), arg.Name)
			}
		}
		checkDocument(t, row.Name, document, flags.Lookup("first"))
	}
}

// isNode: a node, a tie or a date of the data, not a part of an answer.
func isNode(d *gql.Definition) bool {
	return d.Kind == gql.Interface || slices.Contains(d.Interfaces, "Node") || d.Name == "PartialDate"
}

// TestCommandsAskForEverything: --json tells all that GraphQL could, with as many rows
// of each list where nobody says how many.
func TestCommandsAskForEverything(t *testing.T) {
	for name, c := range commands() {
		t.Run(name, func(t *testing.T) { checkDocument(t, name, c.document, c.make(storeless()).Flags().Lookup("first")) })
	}
}

func checkDocument(t *testing.T, name, document string, first *pflag.Flag) {
	t.Helper()
	s, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: schema.SDL})
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := gqlparser.LoadQueryWithRules(s, withFragments(document), nil)
	if problems != nil {
		t.Fatalf("%s: %v", name, problems)
	}
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
				if want := f.Arguments.ForName("first").DefaultValue.Raw; first.DefValue != want {
					t.Errorf("%s.%s lists %s, --first %s", path, f.Name, want, first.DefValue)
				}
			}
			if d := s.Types[f.Type.Name()]; d.IsCompositeType() {
				check(path+"."+f.Name, d, chosen.SelectionSet)
			}
		}
	}
	root := doc.Operations[0].SelectionSet[0].(*gql.Field) //nolint:forcetypeassert // a document asks one field
	check(name, s.Types[root.Definition.Type.Name()], root.SelectionSet)
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
