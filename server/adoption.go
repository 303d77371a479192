package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"entangle/graph"
)

// adoption is the metrics of what others wrote and the store has not taken in yet.
type adoption struct {
	of  func() graph.Adoption
	now func() time.Time
}

var (
	pendingDesc = prometheus.NewDesc("entangle_pending",
		"Nodes and ties that others wrote and that the store has not taken in yet, as far as it knows.", nil, nil)
	sweepAgeDesc = prometheus.NewDesc("entangle_sweep_age_seconds",
		"Time since the store last ended a look at everything for what others wrote. Absent before the first.", nil, nil)
)

// Describe sends what the metrics are.
func (a adoption) Describe(out chan<- *prometheus.Desc) {
	out <- pendingDesc
	out <- sweepAgeDesc
}

// Collect sends them as they are now: a scrape reads nothing.
func (a adoption) Collect(out chan<- prometheus.Metric) {
	now := a.of()
	out <- prometheus.MustNewConstMetric(pendingDesc, prometheus.GaugeValue, float64(now.Pending))
	if !now.Swept.IsZero() {
		out <- prometheus.MustNewConstMetric(sweepAgeDesc, prometheus.GaugeValue, a.now().Sub(now.Swept).Seconds())
	}
}
