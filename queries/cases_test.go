package queries_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/queries/worlds"
)

// purgeCase is a small graph with a purge.
type purgeCase struct {
	batch   graph.Batch
	targets []graph.ID
	params  worlds.Params
}

// String writes the case in a form that can be read.
func (c purgeCase) String() string {
	var b strings.Builder
	for _, n := range c.batch.Nodes {
		fmt.Fprintf(&b, "%s %s %v %v\n", n.Kind, n.ID, n.Types, n.Props)
	}
	for _, t := range c.batch.Ties {
		fmt.Fprintf(&b, "%s %s %s id=%s conf=%g weight=%v set=%q %v\n", t.From, t.Type, t.To, t.ID, t.Confidence.Value, t.Weight, t.ConflictSet, t.Props)
	}
	fmt.Fprintf(&b, "targets %v\nparams %+v", c.targets, c.params)
	return b.String()
}

// purgeCases draws graphs of up to 20 nodes with every tie that matters.
var purgeCases = rapid.Custom(func(t *rapid.T) purgeCase {
	return drawCase(chooser{
		upTo: func(n int, what string) int { return rapid.IntRange(0, n).Draw(t, what) },
		pick: func(n int, what string) int { return rapid.SampledFrom(seq(n)).Draw(t, what) },
	})
})

// chooser makes the choices of a case: a number up to n, or one of n things.
type chooser struct{ upTo, pick func(n int, what string) int }

// wideCases draws graphs of up to twice as many nodes and ties, most of them uncertain.
var wideCases = rapid.Custom(func(t *rapid.T) purgeCase {
	return drawWide(chooser{
		upTo: func(n int, what string) int { return rapid.IntRange(0, n).Draw(t, what) },
		pick: func(n int, what string) int { return rapid.SampledFrom(seq(n)).Draw(t, what) },
	}, 2, 100)
})

// strikeCases are purgeCases in which streams may be cut and diverted, and institutions disbanded.
// Damage is counted without what is disbanded, so that a property of the counts takes purgeCases.
var strikeCases = rapid.Custom(func(t *rapid.T) purgeCase {
	c := purgeCases.Draw(t, "case")
	d := drawing{
		chooser: chooser{
			upTo: func(n int, what string) int { return rapid.IntRange(0, n).Draw(t, what) },
			pick: func(n int, what string) int { return rapid.SampledFrom(seq(n)).Draw(t, what) },
		},
		ids: map[graph.Kind][]graph.ID{},
	}
	for _, n := range c.batch.Nodes {
		d.ids[n.Kind] = append(d.ids[n.Kind], n.ID)
	}
	for range d.upTo(2, "strikes") {
		kind := []graph.Kind{graph.Institution, graph.RevenueStream}[d.pick(2, "strike kind")]
		if len(d.ids[kind]) > 0 {
			c.targets = append(c.targets, d.one(kind))
		}
	}
	for i := range c.batch.Ties {
		if tie := &c.batch.Ties[i]; tie.Type == graph.Controls && tie.To[0] == 'r' && d.oneIn(2, "diverts") {
			tie.Props = tie.Props.Set("form", "diverts")
		}
	}
	c.params.Enrolled = !d.oneIn(4, "not enrolled")
	c.params.CutProvokes = d.odds([]float64{0.5})
	if d.oneIn(2, "limited") {
		c.params.FromWeight = d.number([]float64{0, 0, 0.5, 1})
		for range d.upTo(2, "within") {
			c.params.Within = append(c.params.Within, d.one(graph.Institution))
		}
	}
	return c
})

// drawCase makes a case.
func drawCase(choose chooser) purgeCase { return drawWide(choose, 1, 7) }

// drawWide makes a case so many times as large, with so many uncertain ties at most.
func drawWide(choose chooser, times, uncertain int) purgeCase {
	d := drawing{chooser: choose, ids: map[graph.Kind][]graph.ID{}, uncertain: uncertain, times: times}
	d.nodes()
	d.ties()
	c := purgeCase{batch: d.batch, params: d.parameters()}
	for range d.upTo(2, "targets") + 1 {
		kind := []graph.Kind{graph.Group, graph.Group, graph.Group, graph.Person, graph.Post}[choose.pick(5, "target kind")]
		if len(d.ids[kind]) == 0 {
			kind = graph.Group
		}
		c.targets = append(c.targets, d.one(kind))
	}
	d.late(&c)
	return c
}

// late draws what came later: last, so that cases keep what they were.
func (d *drawing) late(c *purgeCase) {
	for range d.upTo(3, "rivals") {
		t := graph.Tie{Type: graph.RivalOf, From: d.one(graph.Group), To: d.one(graph.Group), ID: graph.ID(fmt.Sprint("t", len(d.batch.Ties)))}
		if t.From != t.To {
			d.claim(&t, true, false)
			d.batch.Ties = append(d.batch.Ties, t)
		}
	}
	d.again()
	c.batch = d.batch
	c.params.DeputyShare = d.number([]float64{0, 0.5, 0.3, 1})
	if d.oneIn(2, "switchover") {
		c.params.Switchover = d.odds([]float64{0.5})
	}
	c.params.OwnShare = d.number([]float64{0.5, 0.5, 0.2, 0.75, 1})
}

// again draws claims beside those that are there, in the ways in which they meet: another
// holder of a post, a doubtful line out of an apex, a doubtful second parent, another claim
// of one holder, alternatives of these, shares and sizes whose quotients are no round
// numbers.
func (d *drawing) again() {
	d.uncertain += 3
	sets := d.oneIn(3, "later conflicts")
	for range d.upTo(3, "again") {
		var like []graph.Tie
		for _, t := range d.batch.Ties {
			switch t.Type {
			case graph.Holds, graph.ReportsTo, graph.Controls, graph.Influences:
				like = append(like, t)
			case graph.PartOf:
				if t.From[0] == 'i' {
					like = append(like, t)
				}
			default:
			}
		}
		if len(like) == 0 {
			return
		}
		t := like[d.pick(len(like), "like")]
		t = graph.Tie{Type: t.Type, From: t.From, To: t.To, ID: graph.ID(fmt.Sprint("t", len(d.batch.Ties)))}
		weighted := false
		switch t.Type {
		case graph.Holds:
			t.From = d.one(graph.Person)
		case graph.ReportsTo:
			t.From, t.To = t.To, d.one(graph.Post)
		case graph.PartOf:
			t.To = d.one(graph.Institution)
		default:
			weighted = true
			t.Type = []graph.TieType{graph.Controls, graph.Influences, graph.LoyalTo}[d.pick(3, "claim type")]
			if t.From[0] != 'g' || t.To[0] != 'i' {
				t.Type = like[0].Type // of its kinds of ends
				t.From, t.To = like[0].From, like[0].To
			}
			if t.Type == graph.LoyalTo {
				t.From, t.To = t.To, t.From
			}
		}
		if t.From == t.To {
			continue
		}
		d.claim(&t, weighted, sets)
		if t.Weight.Known && d.oneIn(2, "odd share") {
			t.Weight = graph.KnownShare(d.number([]float64{1.0 / 3, 0.45, 0.55, 0.123457}))
		}
		d.batch.Ties = append(d.batch.Ties, t)
	}
	for i := range d.batch.Nodes {
		if n := &d.batch.Nodes[i]; n.Kind == graph.Institution && d.oneIn(4, "odd size") {
			d.prop(&n.Props, "authorisedPosts", d.some([]string{"3", "6", "7", "9"}))
		}
	}
}

// drawing is a graph while it is drawn.
type drawing struct {
	chooser
	batch graph.Batch
	ids   map[graph.Kind][]graph.ID
	// uncertain is how many more ties may be uncertain.
	uncertain int
	// times: the most nodes and ties of a kind are so many times those of a small case.
	times int
}

func (d *drawing) oneIn(n int, what string) bool { return d.upTo(n-1, what) == n-1 }
func (d *drawing) one(kind graph.Kind) graph.ID {
	return d.ids[kind][d.pick(len(d.ids[kind]), kind.String())]
}
func (d *drawing) some(of []string) string          { return of[d.pick(len(of), "text")] }
func (d *drawing) number(of []float64) float64      { return of[d.pick(len(of), "number")] }
func (d *drawing) odds(of []float64) float64        { return d.number(append([]float64{0, 1, 1, 1}, of...)) }
func (d *drawing) prop(p *graph.Props, k, v string) { *p = p.Set(k, v) }

func (d *drawing) nodes() {
	for _, kind := range []struct {
		kind        graph.Kind
		mark        string
		least, most int
	}{{graph.Group, "g", 1, 4}, {graph.Person, "p", 1, 6}, {graph.Post, "s", 0, 6}, {graph.Institution, "i", 1, 4}, {graph.RevenueStream, "r", 0, 2}} {
		for i := range kind.least + d.upTo(kind.most*d.times-kind.least, "nodes") {
			n := graph.Node{ID: graph.ID(fmt.Sprint(kind.mark, i)), Kind: kind.kind}
			n.Names = []graph.Name{{Text: string(n.ID)}}
			switch kind.kind {
			case graph.Institution:
				d.institution(&n)
			case graph.Post:
				d.prop(&n.Props, "weight", d.some([]string{"", "", "", "1", "0.5", "0.25", "0"}))
				d.prop(&n.Props, "seats", d.some([]string{"", "", "", "1", "3"}))
			default:
			}
			d.batch.Nodes = append(d.batch.Nodes, n)
			d.ids[n.Kind] = append(d.ids[n.Kind], n.ID)
		}
	}
}

func (d *drawing) institution(n *graph.Node) {
	switch d.upTo(3, "types") {
	case 0:
		n.Types = []string{"ministry"}
	case 1:
		n.Types = []string{"unit", "command"}
	case 2:
		n.Types = []string{"unheard_of"}
	}
	d.prop(&n.Props, "authorisedPosts", d.some([]string{"", "", "", "2", "4", "10", "0"}))
	d.prop(&n.Props, "strength", d.some([]string{"", "", "100", "300", "0"}))
	d.prop(&n.Props, "echelon", d.some([]string{"", "", "brigade"}))
	if d.oneIn(8, "placeholder") {
		d.prop(&n.Props, "placeholder", "true")
	}
}

func (d *drawing) ties() {
	type ends struct {
		typ      graph.TieType
		from, to graph.Kind
		most     int
		weighted bool
	}
	sets := d.oneIn(3, "conflicts")
	for _, e := range []ends{
		{graph.Holds, graph.Person, graph.Post, 7, false},
		{graph.PostIn, graph.Post, graph.Institution, 7, false},
		{graph.ReportsTo, graph.Post, graph.Post, 7, false},
		{graph.MemberOf, graph.Person, graph.Group, 4, false},
		{graph.PartOf, graph.Group, graph.Group, 2, false},
		{graph.PartOf, graph.Group, graph.Institution, 1, false},
		{graph.PartOf, graph.Institution, graph.Institution, 3, false},
		{graph.WingOf, graph.Group, graph.Group, 1, false},
		{graph.Controls, graph.Group, graph.Institution, 4, true},
		{graph.Controls, graph.Group, graph.RevenueStream, 2, true},
		{graph.Influences, graph.Group, graph.Institution, 1, true},
		{graph.Influences, graph.Person, graph.Institution, 1, true},
		{graph.Influences, graph.Institution, graph.Institution, 1, true},
		{graph.AlliedWith, graph.Group, graph.Group, 3, true},
		{graph.LoyalTo, graph.Person, graph.Person, 1, true},
		{graph.LoyalTo, graph.Person, graph.Group, 1, true},
		{graph.LoyalTo, graph.Group, graph.Person, 1, true},
		{graph.LoyalTo, graph.Group, graph.Group, 1, true},
		{graph.LoyalTo, graph.Institution, graph.Person, 1, true},
		{graph.LoyalTo, graph.Institution, graph.Group, 1, true},
		{graph.KinOf, graph.Person, graph.Person, 2, true},
		{graph.AssociateOf, graph.Person, graph.Person, 2, true},
		{graph.Funds, graph.RevenueStream, graph.Institution, 3, true},
		{graph.DependsOn, graph.Institution, graph.Institution, 4, true},
	} {
		if len(d.ids[e.from]) == 0 || len(d.ids[e.to]) == 0 {
			continue
		}
		for range d.upTo(e.most*d.times, e.typ.String()) {
			t := graph.Tie{Type: e.typ, From: d.one(e.from), To: d.one(e.to), ID: graph.ID(fmt.Sprint("t", len(d.batch.Ties)))}
			if t.From == t.To {
				continue
			}
			d.claim(&t, e.weighted, sets)
			d.batch.Ties = append(d.batch.Ties, t)
		}
	}
}

func (d *drawing) claim(t *graph.Tie, weighted, sets bool) {
	t.Confidence = graph.Stated(1)
	if d.uncertain > 0 && d.oneIn(max(1, 5-d.times-d.times/2), "uncertain") {
		d.uncertain--
		t.Confidence = graph.Stated(d.number([]float64{0, 0.25, 0.5, 0.6, 0.9}))
		if sets && d.oneIn(2, "alternative") {
			t.ConflictSet = d.some([]string{"a", "b"})
		}
	}
	if weighted && d.oneIn(2, "weight") {
		t.Weight = graph.KnownShare(d.number([]float64{0, 0.2, 0.25, 0.5, 0.75, 1, 1}))
	}
	switch t.Type {
	case graph.Controls:
		d.prop(&t.Props, "form", d.some([]string{"", "command", "staffing", "portfolio", "de_facto"}))
	case graph.PartOf:
		d.prop(&t.Props, "class", d.some([]string{"command", "command", "command", "administrative", "informal", ""}))
	default:
	}
}

func (d *drawing) parameters() worlds.Params {
	p := worlds.DefaultParams()
	for _, s := range []*bool{&p.SubGroups, &p.Wings, &p.Contagion} {
		*s = !d.oneIn(5, "off")
	}
	for _, s := range []*bool{&p.Followers, &p.Associates} {
		*s = d.oneIn(3, "on")
	}
	p.Rally, p.Defection = d.oneIn(2, "rally"), d.oneIn(2, "defection")
	p.Solidarity, p.Walkout, p.Loyalty = d.odds([]float64{0.5}), d.odds([]float64{0.5}), d.odds([]float64{0.3})
	p.MinCoverage = d.number([]float64{0, 0, 0, 0.1, 0.5})
	p.Bridge = d.upTo(3, "bridge")
	p.ParentShare = d.number([]float64{0.25, 0.25, 0, 1, 0.3})
	p.InfluenceShare = d.number([]float64{0.25, 0, 0.5, 1})
	p.TieWeight = d.number([]float64{0.5, 1, 1, 0})
	p.ControlShare = d.number([]float64{0.5, 1, 0.3})
	p.MaxWaves = []int{32, 32, 32, 0, 1, 2}[d.pick(6, "waves")]
	if d.oneIn(3, "requirements") {
		n := worlds.Needs{}
		for _, s := range worlds.Supports() {
			n[s] = worlds.Requirement{Need: d.number([]float64{1, 0.5, 0.75, 0.8, 0.6}), Floor: d.number([]float64{0, 0.25, 0.5})}
		}
		p.Requirements.Default = n
		p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{"i0": {worlds.Staff: {Need: 0.9, Floor: 0.1}}}
	}
	return p
}

// onRecord ties every group and person of a case to one who matters to nothing else: what
// has no tie is no part of a plan.
func onRecord(c *purgeCase) {
	named := func(id graph.ID, kind graph.Kind) graph.Node {
		return graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}}
	}
	for _, n := range c.batch.Nodes {
		tie := graph.Tie{ID: "on-record-" + n.ID, Type: graph.MemberOf, From: "loose", To: n.ID, Confidence: graph.Stated(1)}
		switch n.Kind {
		case graph.Group:
		case graph.Person:
			tie.From, tie.To = n.ID, "club"
		default:
			continue
		}
		c.batch.Ties = append(c.batch.Ties, tie)
	}
	c.batch.Nodes = append(slices.Clone(c.batch.Nodes), named("loose", graph.Person), named("club", graph.Group))
}
