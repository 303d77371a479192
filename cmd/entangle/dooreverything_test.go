package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// modelArgument and otherParams are one model with no parameter at its default.
const modelArgument = `{subGroups: false, wings: false, followers: true, associates: true, enrolled: false, rally: false, solidarity: 0.7, walkout: 0.2, cutProvokes: 0.3, switchover: 0, defection: false,
	loyalty: 0.4, contagion: false, minCoverage: 0.1, bridge: 2, deputyShare: 0.3, parentShare: 0.4, influenceShare: 0.3, tieWeight: 0.6, controlShare: 0.4, ownShare: 0.3,
	sourceCorrelation: 0.5, maxWaves: 5, requirements: [{support: STAFF, need: 0.8, floor: 0.3, type: "ministry"}, {support: FORCE, need: 0.9, floor: 0.1}],
	leadingPosts: [{type: "ministry", size: 3}], headcount: [{type: "unit", size: 300}, {size: 70}]}`

const modelFlag = `{"subGroups": false, "wings": false, "followers": true, "associates": true, "enrolled": false, "rally": false, "solidarity": 0.7, "walkout": 0.2, "cutProvokes": 0.3, "switchover": 0, "defection": false,
	"loyalty": 0.4, "contagion": false, "minCoverage": 0.1, "bridge": 2, "deputyShare": 0.3, "parentShare": 0.4, "influenceShare": 0.3, "tieWeight": 0.6, "controlShare": 0.4, "ownShare": 0.3,
	"sourceCorrelation": 0.5, "maxWaves": 5, "requirements": [{"support": "STAFF", "need": 0.8, "floor": 0.3, "type": "ministry"}, {"support": "FORCE", "need": 0.9, "floor": 0.1}],
	"leadingPosts": [{"type": "ministry", "size": 3}], "headcount": [{"type": "unit", "size": 300}, {"size": 70}]}`

func otherParams() worlds.Params {
	p := worlds.DefaultParams()
	p.SubGroups, p.Wings, p.Followers, p.Associates, p.Enrolled, p.Rally, p.Defection, p.Contagion = false, false, true, true, false, false, false, false
	p.Solidarity, p.Walkout, p.Loyalty, p.MinCoverage, p.DeputyShare, p.ParentShare = 0.7, 0.2, 0.4, 0.1, 0.3, 0.4
	p.InfluenceShare, p.TieWeight, p.ControlShare, p.OwnShare, p.SourceCorrelation, p.Bridge, p.MaxWaves = 0.3, 0.6, 0.4, 0.3, 0.5, 2, 5
	p.CutProvokes = 0.3
	p.Requirements.ByType["ministry"][worlds.Staff] = worlds.Requirement{Need: 0.8, Floor: 0.3}
	p.Requirements.Default[worlds.Force] = worlds.Requirement{Need: 0.9, Floor: 0.1}
	p.LeadingPosts["ministry"], p.Headcount["unit"], p.Headcount[""] = 3, 300, 70
	return p
}

// What questions share that draw worlds, at the three doors.
const drawArguments = `method: SAMPLED, samples: 128, seed: 7`

var drawFlagWords = []string{"--method", "SAMPLED", "--samples", "128", "--seed", "7"}

func otherDraw() worlds.Draw { return worlds.Draw{Method: worlds.Sampled, Samples: 128, Seed: 7} }

func words(lists ...[]string) []string { return slices.Concat(lists...) }

var modelWords = []string{"--model", modelFlag}

// reading of all questions: a picture that is not the default one.
const readingArguments = `gap: "extend:3000", minConfidence: 0.65, distantYears: 5, evidenceUntil: "2020-12-31",
	halfLives: [{type: MEMBER_OF, years: 5}, {type: HOLDS, post: "ministry", years: 0.5}, {type: BACKS}]`

var (
	readingWords = []string{"--gap", "extend:3000", "--min-confidence", "0.65", "--distant-years", "5", "--evidence-until", "2020-12-31", "--half-life", "MEMBER_OF=5", "--half-life", "HOLDS:ministry=0.5", "--half-life", "BACKS=endless"}
	otherPicture = projection.Options{
		AsOf: doorDay, Gap: graph.GapPolicy{Mode: graph.Extend, Days: 3000}, MinConfidence: 0.65, DistantYears: 5,
		EvidenceUntil: projection.UntilDay(graph.DayOf(2020, 12, 31)), HalfLives: otherHalfLives(),
	}
)

func otherHalfLives() graph.HalfLives {
	h, err := graph.NewHalfLives(graph.HalfLife{Type: graph.MemberOf, Years: 5}, graph.HalfLife{Type: graph.Holds, Post: "ministry", Years: 0.5}, graph.HalfLife{Type: graph.Backs, Years: graph.Endless})
	if err != nil {
		panic(err)
	}
	return h
}

// everyDoorway asks each question with every argument that it has. For one that is not here
// wayWithEverything makes the values up.
var everyDoorway = []doorway{
	{
		"purge", `targets: ["g-lions", "p-mira", "o-chief"], explain: 2, distances: true, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--person", "Mira", "--post", "Chief", "--explain", "2", "--distances"}),
		func(queries.Question) any {
			in := queries.DefaultPurge()
			in.Targets, in.Explain, in.Distances, in.Params = []graph.ID{"g-lions", "p-mira", "o-chief"}, 2, true, otherParams()
			in.Method, in.Samples, in.Seed = worlds.Sampled, 128, 7
			return in
		},
	},
	{
		"compare", `targets: ["g-lions"], withTargets: ["g-bears", "o-chief"], model: ` + modelArgument + `, withModel: {rally: false, loyalty: 1}, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--with-group", "Bears", "--with-post", "Chief", "--with-model", `{"rally": false, "loyalty": 1}`}),
		func(queries.Question) any {
			in := queries.DefaultCompare()
			in.First = queries.Scenario{Targets: []graph.ID{"g-lions"}, Params: otherParams()}
			in.Second.Targets, in.Second.Params.Rally, in.Second.Params.Loyalty = []graph.ID{"g-bears", "o-chief"}, false, 1
			in.Draw = otherDraw()
			return in
		},
	},
	{
		"entanglement", `groups: ["g-lions", "g-bears"], minP: 0.3, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--group", "Bears", "--min-p", "0.3"}),
		func(queries.Question) any {
			in := queries.DefaultEntanglement()
			in.Groups, in.MinP, in.Params, in.Draw = []graph.ID{"g-lions", "g-bears"}, 0.3, otherParams(), otherDraw()
			return in
		},
	},
	{
		"attribution", `targets: ["g-lions", "g-bears", "p-mira"], institution: "Ministry", threshold: 0.25, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--group", "Bears", "--person", "Mira", "--institution", "Ministry", "--threshold", "0.25"}),
		func(queries.Question) any {
			in := queries.DefaultAttribution()
			in.Targets, in.Institution, in.Threshold = []graph.ID{"g-lions", "g-bears", "p-mira"}, "i-ministry", 0.25
			in.Params, in.Draw = otherParams(), otherDraw()
			return in
		},
	},
	{
		"verify", `targets: ["g-lions", "g-bears"], institution: "Ministry", ties: 2, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--group", "Bears", "--institution", "Ministry", "--ties", "2"}),
		func(queries.Question) any {
			in := queries.DefaultVerify()
			in.Targets, in.Institution, in.Ties, in.Params, in.Draw = []graph.ID{"g-lions", "g-bears"}, "i-ministry", 2, otherParams(), otherDraw()
			return in
		},
	},
	{
		"sensitivity", `targets: ["g-lions"], institution: "Brigade", levels: 6, trajectories: 3,
			parameters: [{parameter: "needs", low: 0.5, high: 1.1}, {parameter: "controlShare", low: 0, high: 1}], model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--group", "Lions", "--institution", "Brigade", "--levels", "6", "--trajectories", "3", "--vary", "needs=0.5..1.1", "--vary", "controlShare=0..1"}),
		func(queries.Question) any {
			in := queries.DefaultSensitivity()
			in.Targets, in.Institution, in.Levels, in.Trajectories = []graph.ID{"g-lions"}, "i-brigade", 6, 3
			in.Factors = []queries.Factor{{Name: "needs", Low: 0.5, High: 1.1}, {Name: "controlShare", Low: 0, High: 1}}
			in.Params, in.Draw = otherParams(), otherDraw()
			return in
		},
	},
	{
		"frontier", `groups: ["g-lions", "g-bears"], benefits: [{group: "Bears", benefit: 3}], weights: [{type: "unit", weight: 0.5}, {institution: "Bank", weight: 2}],
			tolerance: 0.2, threshold: 0.4, beam: 3, search: 64, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{
			"--group", "Lions", "--group", "Bears", "--benefit", "Bears=3", "--weight", "unit=0.5", "--weight-of", "Bank=2",
			"--tolerance", "0.2", "--threshold", "0.4", "--beam", "3", "--search", "64",
		}),
		func(queries.Question) any {
			in := queries.DefaultFrontier()
			in.Groups, in.Benefit, in.Weights = []graph.ID{"g-lions", "g-bears"}, map[graph.ID]float64{"g-bears": 3}, otherWeights()
			in.Tolerance, in.Threshold, in.Beam, in.Search, in.Params, in.Draw = 0.2, 0.4, 3, 64, otherParams(), otherDraw()
			return in
		},
	},
	{
		"stage", `targets: ["g-lions", "g-bears", "o-chief"], recovery: 2, recoveryByType: [{type: "ministry", stages: 3}], limit: 0.5,
			weights: [{type: "unit", weight: 0.5}, {institution: "Bank", weight: 2}], budget: 50, search: 64, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{
			"--group", "Lions", "--group", "Bears", "--post", "Chief", "--recovery", "2", "--recovery-by-type", "ministry=3", "--limit", "0.5",
			"--weight", "unit=0.5", "--weight-of", "Bank=2", "--budget", "50", "--search", "64",
		}),
		func(queries.Question) any {
			in := queries.DefaultStage()
			in.Targets, in.Recovery, in.RecoveryByType = []graph.ID{"g-lions", "g-bears", "o-chief"}, 2, map[string]int{"ministry": 3}
			in.Limit, in.Weights, in.Budget, in.Search, in.Params, in.Draw = new(0.5), otherWeights(), 50, 64, otherParams(), otherDraw()
			return in
		},
	},
	{
		"insure", `targets: ["g-lions", "g-bears"], limit: 0.5, level: 0.8, size: 2, kinds: [SUCCESSOR, STREAM],
			weights: [{type: "unit", weight: 0.5}, {institution: "Bank", weight: 2}], search: 64, model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{
			"--group", "Lions", "--group", "Bears", "--limit", "0.5", "--level", "0.8", "--size", "2", "--kind", "SUCCESSOR", "--kind", "STREAM",
			"--weight", "unit=0.5", "--weight-of", "Bank=2", "--search", "64",
		}),
		func(queries.Question) any {
			in := queries.DefaultInsure()
			in.Targets, in.Limit, in.Level, in.Size = []graph.ID{"g-lions", "g-bears"}, 0.5, 0.8, 2
			in.Kinds, in.Weights, in.Search, in.Params, in.Draw = []queries.MeasureKind{queries.Successor, queries.Stream}, otherWeights(), 64, otherParams(), otherDraw()
			return in
		},
	},
	{
		"worstCase", `targets: ["g-lions", "o-chief"], model: ` + modelArgument,
		words(modelWords, []string{"--group", "Lions", "--post", "Chief"}),
		func(queries.Question) any {
			return queries.WorstCaseInput{Targets: []graph.ID{"g-lions", "o-chief"}, Params: otherParams()}
		},
	},
	{
		"brokers", `nodes: ["Ministry", "Brigade"], stateOnly: true, evidence: 1, first: 20`,
		[]string{"Ministry", "Brigade", "--state-only", "--evidence", "1"},
		func(queries.Question) any {
			in := queries.DefaultBrokers()
			in.Nodes, in.StateOnly, in.Evidence = []graph.ID{"i-ministry", "i-brigade"}, true, 1
			return in
		},
	},
	{
		"exposure", `nodes: ["Ministry", "Brigade", "Lions"], minShare: 0.01, evidence: 1, model: ` + modelArgument,
		words(modelWords, []string{"Ministry", "Brigade", "Lions", "--min-share", "0.01", "--evidence", "1"}),
		func(queries.Question) any {
			in := queries.DefaultExposure()
			in.Nodes, in.MinShare, in.Evidence, in.Params = []graph.ID{"i-ministry", "i-brigade", "g-lions"}, 0.01, 1, otherParams()
			return in
		},
	},
	{
		"footholds", `office: "Minister", groups: ["Lions", "Bears"], institutions: ["Ministry", "Brigade"], model: ` + modelArgument + `, ` + drawArguments,
		words(modelWords, drawFlagWords, []string{"--office", "Minister", "--group", "Lions", "--group", "Bears", "--institution", "Ministry", "--institution", "Brigade"}),
		func(queries.Question) any {
			in := queries.DefaultFootholds()
			in.Office, in.Groups, in.Institutions = "o-minister", both, []graph.ID{"i-ministry", "i-brigade"}
			in.Params, in.Draw = otherParams(), otherDraw()
			return in
		},
	},
	{
		"paths", `from: "Lions", to: "Bank", types: [CONTROLS, FUNDS, DEPENDS_ON], maxHops: 3, first: 2, ` + drawArguments,
		words(drawFlagWords, []string{"Lions", "Bank", "--type", "CONTROLS", "--type", "FUNDS", "--type", "DEPENDS_ON", "--max-hops", "3", "--first", "2"}),
		func(queries.Question) any {
			in := queries.DefaultPathsBetween()
			in.From, in.To, in.Types, in.MaxHops, in.Limit = "g-lions", "i-bank", []graph.TieType{graph.Controls, graph.Funds, graph.DependsOn}, 3, 2
			in.Method, in.Samples, in.Seed = worlds.Sampled, 128, 7
			return in
		},
	},
	{
		"changes", `from: "2015-01-01", to: "2020-08-24", nodes: ["Ministry", "Brigade"], first: 20, model: ` + modelArgument,
		words(modelWords, []string{"--from", "2015-01-01", "--to", "2020-08-24", "Ministry", "Brigade"}),
		func(queries.Question) any {
			return queries.ChangesInput{Nodes: []graph.ID{"i-ministry", "i-brigade"}, Params: otherParams()}
		},
	},
}

func otherWeights() queries.Weights {
	return queries.Weights{ByType: map[string]float64{"unit": 0.5}, ByInstitution: map[graph.ID]float64{"i-bank": 2}}
}

// TestDoorsTakeEveryArgument: what is asked in another way than by default is asked at the
// three doors alike, whatever argument it is.
func TestDoorsTakeEveryArgument(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv")
	s := doorSchema(t)
	for _, d := range everyQuestion(t, everyDoorway, wayWithEverything(t, s)) {
		t.Run(d.question, func(t *testing.T) {
			t.Parallel()
			row, field := rowOf(t, d.question), s.Query.Fields.ForName(d.question)
			day, dayFlags := daysOf(row)
			arguments := strings.Trim(d.arguments+", "+readingArguments+", "+day, ", ")
			for _, arg := range field.Arguments {
				if !strings.Contains(arguments, arg.Name+": ") && arg.Name != "staleness" {
					t.Errorf("%s is not given", arg.Name)
				}
			}
			var response struct{ Data map[string]any }
			document := "{ " + d.question + "(" + arguments + ") " + everything(s, s.Types[field.Type.Name()]) + " }"
			if err := json.Unmarshal(runDoor(t, "query", "--store", file, writeFile(t, document)), &response); err != nil {
				t.Fatal(err)
			}
			ofField := keysOnly(response.Data[d.question])
			flags := words([]string{row.Command, "--store", file, "--json"}, d.flags, readingWords, dayFlags)
			if diff := cmp.Diff(ofField, any(answerOfDoor(t, runDoor(t, flags...)))); diff != "" {
				t.Errorf("the command differs from the field (-field +command):\n%s", diff)
			}
			report, err := askInGo(t.Context(), file, row, otherPicture, d.in(row))
			if err != nil {
				t.Fatal(err)
			}
			c := sameness{t: t}
			object, ok := ofField.(map[string]any)
			if c.object(d.question, reflect.ValueOf(report), object); c.leaves < 15 || !ok {
				t.Errorf("only %d values were compared", c.leaves)
			}
		})
	}
}

// wayWithEverything makes a way that gives every argument of a question a value that is not
// its default, by the argument's type and name, to the field, the command and the input.
func wayWithEverything(t *testing.T, s *gql.Schema) func(row queries.Question) doorway {
	t.Helper()
	return func(row queries.Question) doorway {
		d := doorway{question: row.Name}
		about := querytest.About{}
		in := reflect.New(reflect.TypeOf(row.Default())).Elem()
		in.Set(reflect.ValueOf(about.Fill(row)))
		put := func(arg, value string, ids []graph.ID, number any) {
			d.arguments += ", " + arg + ": " + value
			name := strings.ToUpper(arg[:1]) + arg[1:]
			if f := in.FieldByName(name); f.IsValid() && ids != nil {
				f.Set(reflect.ValueOf(ids))
			} else if f.IsValid() {
				f.Set(reflect.ValueOf(number))
			}
		}
		for _, arg := range s.Query.Fields.ForName(row.Name).Arguments {
			flag := "--" + strings.TrimSuffix(kebab(arg.Name), "s")
			nodes, known := nodesNamed[arg.Name]
			switch {
			case strings.Contains(readingArguments, arg.Name+":"), arg.Name == "asOf", arg.Name == "staleness":
			case arg.Name == "model":
				d.arguments, d.flags = d.arguments+", model: "+modelArgument, words(d.flags, modelWords)
				in.FieldByName("Params").Set(reflect.ValueOf(otherParams()))
			case strings.Contains(drawArguments, arg.Name+":"):
				if arg.Name == "method" { // they go together
					d.arguments, d.flags = d.arguments+", "+drawArguments, words(d.flags, drawFlagWords)
					in.FieldByName("Draw").Set(reflect.ValueOf(otherDraw()))
				}
			case known && arg.Type.Elem != nil:
				put(arg.Name, fmt.Sprintf("[%q, %q]", nodes[0], nodes[1]), nodes, nil)
				d.flags = append(d.flags, flag, string(nodes[0]), flag, string(nodes[1]))
			case arg.Type.NamedType == "Int":
				put(arg.Name, "2", nil, 2)
				d.flags = append(d.flags, "--"+kebab(arg.Name), "2")
			case arg.Type.NamedType == "Float":
				put(arg.Name, "0.25", nil, 0.25)
				d.flags = append(d.flags, "--"+kebab(arg.Name), "0.25")
			case arg.Type.NamedType == "Boolean":
				on := arg.DefaultValue == nil || arg.DefaultValue.Raw != "true"
				put(arg.Name, strconv.FormatBool(on), nil, on)
				d.flags = append(d.flags, fmt.Sprintf("--%s=%t", kebab(arg.Name), on))
			default:
				t.Errorf("no value is made up for the argument %s of %s: give the question a row in everyDoorway", arg.Name, row.Name)
			}
		}
		d.arguments = strings.TrimPrefix(d.arguments, ", ")
		value := in.Interface()
		d.in = func(queries.Question) any { return value }
		return d
	}
}

// nodesNamed are the nodes for arguments that name some.
var nodesNamed = map[string][]graph.ID{
	"targets": both, "groups": both, "nodes": {"i-ministry", "i-brigade"}, "institutions": {"i-ministry", "i-brigade"},
	"posts": {"o-minister", "o-chief"}, "persons": {"p-mira", "p-rashid"},
}
