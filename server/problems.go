package server

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"entangle/graph"
)

// problems is the metric of what the store holds and does not serve. Its counts are
// those of the last look: a scrape reads nothing.
type problems struct {
	counts func() (map[graph.Rule]int, bool)
}

var problemsDesc = prometheus.NewDesc("entangle_problems",
	"Nodes and ties that the store holds and does not serve, by the rule that they break, as of the last look; one that breaks several counts for each. Absent before the first look.",
	[]string{"rule"}, nil)

// Describe sends what the metric is.
func (p problems) Describe(out chan<- *prometheus.Desc) { out <- problemsDesc }

// Collect sends a count for every rule.
func (p problems) Collect(out chan<- prometheus.Metric) {
	counts, known := p.counts()
	if !known {
		return
	}
	for _, row := range graph.Rules() {
		out <- prometheus.MustNewConstMetric(problemsDesc, prometheus.GaugeValue, float64(counts[row.Rule]), string(row.Rule))
	}
}

// problemLine says in /readyz how many problems there are and where they are told: no
// more, since anybody may ask. Empty where there are none.
func (s *Server) problemLine() string {
	if s.cfg.Problems == nil {
		return ""
	}
	counts, _ := s.cfg.Problems()
	total := 0
	for _, n := range counts {
		total += n
	}
	switch total {
	case 0:
		return ""
	case 1:
		return "1 problem in what the store holds; what has it is not served: run entangle problems"
	}
	return fmt.Sprintf("%d problems in what the store holds; what has them is not served: run entangle problems", total)
}
