package querytest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entangle/graph"
)

// Script is a parsed file: loads, questions and expectations in their order.
type Script struct {
	Name  string
	steps []step
}

// step is one question with what was loaded by then and what is expected.
type step struct {
	line    int
	batch   graph.Batch
	ask     ask
	expects []expectation
}

type expectation struct {
	line  int
	words []string
}

// Parse reads a script. Errors wrap ErrScript and name file and line.
func Parse(name, text string) (*Script, error) {
	s := &Script{Name: name}
	var batch graph.Batch
	section := ""
	for i, line := range strings.Split(text, "\n") {
		fail := func(err error) (*Script, error) {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrScript, name, i+1, err)
		}
		words, err := split(line)
		if err != nil {
			return fail(err)
		}
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "load", "expect":
			section, words = words[0], words[1:]
			if len(words) > 0 {
				return fail(fmt.Errorf("%q stands alone on its line", section))
			}
			continue
		case "ask":
			section = "ask"
			var asked ask
			if asked, words, err = newAsk(words[1:]); err != nil {
				return fail(err)
			}
			// Later loads must not write into what this question sees.
			seen := graph.Batch{Nodes: slices.Clip(batch.Nodes), Ties: slices.Clip(batch.Ties)}
			s.steps = append(s.steps, step{line: i + 1, batch: seen, ask: asked})
		}
		switch section {
		case "load":
			err = loadLine(&batch, line)
		case "ask":
			for _, word := range words {
				if err == nil {
					err = s.steps[len(s.steps)-1].ask.set(word)
				}
			}
		case "expect":
			if len(s.steps) == 0 {
				return fail(errors.New("expect comes after ask"))
			}
			last := &s.steps[len(s.steps)-1]
			last.expects = append(last.expects, expectation{line: i + 1, words: words})
		default:
			err = errors.New("a file begins with load")
		}
		if err != nil {
			return fail(err)
		}
	}
	for _, st := range s.steps {
		if len(st.expects) == 0 {
			return nil, fmt.Errorf("%w: %s:%d: a question without expectation tests nothing", ErrScript, name, st.line)
		}
	}
	if len(s.steps) == 0 {
		return nil, fmt.Errorf("%w: %s: no question", ErrScript, name)
	}
	return s, nil
}
