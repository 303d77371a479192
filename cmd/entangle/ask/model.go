package ask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
	"entangle/schema"
)

// modelFlags say under which model a purge is simulated. Prefix is what the names of
// the flags begin with.
type modelFlags struct{ prefix, model, requirements string }

func (m *modelFlags) add(f *pflag.FlagSet, prefix, of string) {
	m.prefix = prefix
	f.StringVar(&m.model, prefix+"model", "", "parameters"+of+" that differ from the defaults, as the `JSON` of PurgeModelInput")
	f.StringVar(&m.requirements, prefix+"requirements", "", "requirements"+of+" that differ from the defaults: a CSV `FILE` of support,need,floor,type,institution")
	leaveOut(f, prefix+"model", prefix+"requirements") // told parameter by parameter
}

func (m *modelFlags) none() bool { return m.model == "" && m.requirements == "" }

// put puts the model among the variables, if there is any.
func (m *modelFlags) put(v map[string]any, name string) error {
	if m.none() {
		return nil
	}
	in := &modelInput{given: json.RawMessage("{}")}
	flag := "--" + m.prefix + "model"
	if m.model != "" {
		if in.given = json.RawMessage(m.model); !json.Valid(in.given) {
			return usage.Error{Err: fmt.Errorf("%s %s: not JSON", flag, m.model)}
		}
		if name, twice := saidTwice(in.given); twice {
			return usage.Error{Err: fmt.Errorf("%s: %s is there twice; say it once", flag, name)}
		}
	}
	v[name] = in
	if m.requirements == "" {
		return nil
	}
	if err := json.Unmarshal(in.given, &in.object); err != nil {
		return usage.Error{Err: fmt.Errorf("%s %s: not an object", flag, m.model)}
	}
	if text, ok := in.object["requirements"]; ok {
		if err := json.Unmarshal(text, &in.more); err != nil {
			return usage.Error{Err: fmt.Errorf("%s: requirements %s: not a list", flag, text)}
		}
	}
	f, err := os.Open(m.requirements)
	if err != nil {
		return fmt.Errorf("--%srequirements: %w", m.prefix, err)
	}
	in.rules, err = queries.ReadRequirements(m.requirements, f)
	return errors.Join(err, f.Close())
}

// saidTwice returns the first name that an object has twice. The decoder of JSON would
// silently take the last value.
func saidTwice(object json.RawMessage) (string, bool) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return "", false
	}
	met := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return "", false
		}
		if met[name] {
			return name, true
		}
		met[name] = true
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return "", false
		}
	}
	return "", false
}

// modelInput is a PurgeModelInput from the flags: the JSON that was given, and
// requirements from a file. Requirements in the JSON take precedence.
type modelInput struct {
	given json.RawMessage
	rules []queries.RequirementRule
	// What follows is there where there are rules.
	object map[string]json.RawMessage
	more   []json.RawMessage // requirements of the JSON
	ids    []string          // of the institutions of the rules, "" where a rule names none
}

// find finds whom the rules are for.
func (m *modelInput) find(ctx context.Context, r graph.Reader) error {
	m.ids = make([]string, len(m.rules))
	for i, rule := range m.rules {
		switch {
		case rule.Institution != "":
			nodes, err := resolve(ctx, r, rule.At.String()+": institution", graph.Institution, []string{rule.Institution})
			if err != nil {
				return err
			}
			m.ids[i] = schema.GlobalID(graph.Institution, nodes[0].ID)
			if err := m.once(i); err != nil {
				return err
			}
		case rule.Type != "" && !slices.Contains(graph.Institution.Info().Types, rule.Type):
			n, err := r.CountNodes(ctx, graph.NodeQuery{
				Kinds: []graph.Kind{graph.Institution}, Where: graph.Cond{Op: graph.Includes, Field: "types", Values: []string{rule.Type}},
			})
			if err != nil {
				return err
			}
			if n == 0 {
				return fmt.Errorf("%s: type %q: no institution is of that type; known are %s", rule.At, rule.Type, strings.Join(graph.Institution.Info().Types, ", "))
			}
		}
	}
	return nil
}

// once fails where an earlier rule is about the same institution under another name. The
// reader of the file only compares names.
func (m *modelInput) once(i int) error {
	rule := m.rules[i]
	for j, id := range m.ids[:i] {
		if other := m.rules[j]; id == m.ids[i] && other.Support == rule.Support {
			return fmt.Errorf("%s: institution %q is %q of line %d, which already says what it needs of %s; keep one",
				rule.At, rule.Institution, other.Institution, other.At.Line, rule.Support)
		}
	}
	return nil
}

// MarshalJSON joins the two.
func (m *modelInput) MarshalJSON() ([]byte, error) {
	if len(m.rules) == 0 {
		return m.given, nil
	}
	rows := []any{}
	for i, rule := range m.rules {
		if m.overruled(i) {
			continue
		}
		row := map[string]any{"support": rule.Support.String(), "need": rule.Need, "floor": rule.Floor}
		if rule.Type != "" {
			row["type"] = rule.Type
		}
		if m.ids[i] != "" {
			row["institution"] = m.ids[i]
		}
		rows = append(rows, row)
	}
	for _, row := range m.more {
		rows = append(rows, row)
	}
	out := map[string]any{}
	for name, value := range m.object {
		out[name] = value
	}
	out["requirements"] = rows
	return json.Marshal(out)
}

// overruled says that the JSON has a requirement for the same.
func (m *modelInput) overruled(i int) bool {
	return slices.ContainsFunc(m.more, func(row json.RawMessage) bool {
		var r struct{ Support, Type, Institution string }
		// A row that is wrong is for the field to refuse.
		return json.Unmarshal(row, &r) == nil && r.Support == m.rules[i].Support.String() && r.Type == m.rules[i].Type && r.Institution == m.ids[i]
	})
}

// models are the models among the variables of a question.
func models(variables map[string]any) []*modelInput {
	var out []*modelInput
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if m, ok := variables[name].(*modelInput); ok && len(m.rules) > 0 {
			out = append(out, m)
		}
	}
	return out
}
