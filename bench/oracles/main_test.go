package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocumentIsWhole: what compare.py reads is all there: every quantity that it can ask
// about and no other, questions and answers of the form it takes, networks that are simple
// and known to it, and the same text for the same seed.
func TestDocumentIsWhole(t *testing.T) {
	var texts [3]bytes.Buffer
	for i, seed := range []string{"1", "1", "2"} {
		if err := run(t.Context(), []string{"-seed", seed, "-graphs", "3"}, &texts[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(texts[0].Bytes(), texts[1].Bytes()) || bytes.Equal(texts[0].Bytes(), texts[2].Bytes()) {
		t.Error("the text does not go by the seed")
	}
	var d document
	decoder := json.NewDecoder(&texts[0])
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("compare.py")
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?s)QUANTITIES = \{(.*?)\}`).FindSubmatch(script)
	if asked == nil {
		t.Fatal("compare.py has no QUANTITIES")
	}
	var want []string
	for _, m := range regexp.MustCompile(`"([^"]+)": `).FindAllSubmatch(asked[1], -1) {
		want = append(want, string(m[1]))
	}
	found := map[string]int{}
	networks := map[string]int{}
	for _, n := range d.Networks {
		networks[n.Name] = n.Nodes
		seen := map[[2]int32]bool{}
		for _, e := range n.Edges {
			if seen[e] || e[0] == e[1] || !n.Directed && e[0] > e[1] || int(max(e[0], e[1])) >= n.Nodes {
				t.Errorf("%s: tie %v is no tie of a simple network of %d nodes", n.Name, e, n.Nodes)
			}
			seen[e] = true
		}
	}
	for _, c := range d.Checks {
		found[c.Quantity]++
		if len(c.Ours) < 2 || string(c.Ours) == "null" {
			t.Errorf("%s of %s: no answer", c.Quantity, c.Network)
		}
		if _, known := networks[c.Network]; c.Network != "" && !known {
			t.Errorf("%s of %s, a network that is not there", c.Quantity, c.Network)
		}
		if keys, ok := forms[c.Quantity]; ok {
			checkKeys(t, c.Quantity, c.Input, keys[0])
			checkKeys(t, c.Quantity, c.Ours, keys[1])
		}
	}
	for _, quantity := range want {
		if found[quantity] == 0 {
			t.Errorf("nothing is asked about %s", quantity)
		}
		delete(found, quantity)
	}
	if len(found) > 0 {
		t.Errorf("compare.py cannot ask about %v", found)
	}
	for _, name := range []string{"karate", "kite", "Florentine families", "Les Miserables", "figure 8", "command", "two apexes"} {
		if networks[name] == 0 {
			t.Errorf("no network %q", name)
		}
	}
}

// forms are the keys of questions and answers, where they are objects.
var forms = map[string][2]string{
	"fragmentation":       {"Removed", "DF F Sizes"},
	"cuts":                {"", "Articulation Bridges"},
	"brokerage":           {"", "Constraint Degree EffectiveSize"},
	"dominators":          {"Apexes", "Cut Idom"},
	"node cut":            {"S T", "Lines Nodes Uncuttable"},
	"Wilson":              {"Count Of", "High Low"},
	"McNemar":             {"B C", "Exact P"},
	"minimum cut":         {"Benefit Hits Prices Weight", "Values"},
	"threshold cascade":   {"First Network Thresholds", "Nodes"},
	"independent cascade": {"First Network P", "Mean"},
	"own":                 {"Below Bodies Controls Groups OwnShare Parts Targets", "Own"},
	"reliability":         {"Confidence Network S T", "P"},
}

func checkKeys(t *testing.T, quantity string, object json.RawMessage, want string) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Errorf("%s: %v", quantity, err)
		return
	}
	var keys []string
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("%s: keys %q, want %q", quantity, got, want)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"more"}, {"-graphs", "-1"}} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "usage") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
