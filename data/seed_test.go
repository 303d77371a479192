package data_test

import (
	"testing"

	"entangle/graph"
)

// asOf is the day of the seed questions.
var asOf = graph.DayOf(2020, 8, 24)

func TestSeedEntitiesAreThere(t *testing.T) {
	kinds := map[graph.ID]graph.Kind{}
	for _, n := range sample(t).Nodes {
		kinds[n.ID] = n.Kind
	}
	for id, kind := range map[graph.ID]graph.Kind{
		"group/badr-organization":                           graph.Group,
		"group/kataib-hizballah":                            graph.Group,
		"group/asaib-ahl-al-haq":                            graph.Group,
		"group/sadrist-movement":                            graph.Group,
		"group/fatah-alliance":                              graph.Group,
		"institution/iq-ministry-of-interior":               graph.Institution,
		"institution/iq-security-of-the-international-zone": graph.Institution,
		"institution/iq-popular-mobilization-commission":    graph.Institution,
		"institution/iq-counter-terrorism-service":          graph.Institution,
		"institution/iq-national-intelligence-service":      graph.Institution,
		"institution/ir-irgc-quds-force":                    graph.Institution,
		"place/international-zone":                          graph.Place,
		"post/iq-minister-of-interior":                      graph.Post,
		"stream/state-budget-of-iraq":                       graph.RevenueStream,
		"person/qasim-al-araji":                             graph.Person,
	} {
		if kinds[id] != kind {
			t.Errorf("%s: want a %s", id, kind)
		}
	}
}

// TestSeedQuestions holds what the questions of the sample need on their day:
// the claims under each, certain or possible, or gone.
func TestSeedQuestions(t *testing.T) {
	b := sample(t)
	tests := []struct {
		question string
		from     graph.ID
		typ      graph.TieType
		to       graph.ID
		want     graph.Presence
	}{
		{"interior", "person/othman-al-ghanmi", graph.Holds, "post/iq-minister-of-interior", graph.Certain},
		{"interior", "person/yassin-al-yasiri", graph.Holds, "post/iq-minister-of-interior", graph.No},
		{"interior", "person/qasim-al-araji", graph.Holds, "post/iq-minister-of-interior", graph.No},
		{"interior", "person/qasim-al-araji", graph.Holds, "post/iq-national-security-adviser", graph.Possible},
		{"interior", "person/amer-saddam-al-maliki", graph.Holds, "post/iq-deputy-minister-of-interior-for-intelligence", graph.Possible},
		{"interior", "person/ahmed-abu-ragheef", graph.Holds, "post/iq-deputy-minister-of-interior-for-intelligence", graph.No},
		{"interior", "group/badr-organization", graph.Controls, "institution/iq-ministry-of-interior", graph.Possible},
		{"interior", "group/supreme-council-for-islamic-revolution-in-iraq", graph.Controls, "institution/iq-ministry-of-interior", graph.No},
		{"interior", "group/badr-organization", graph.Influences, "institution/iq-emergency-response-division", graph.Possible},
		{"interior", "institution/iq-federal-police", graph.PartOf, "institution/iq-ministry-of-interior", graph.Possible},
		{"interior", "institution/iq-wolf-brigade", graph.PartOf, "institution/iq-ministry-of-interior", graph.No},
		{"interior", "post/iq-minister-of-interior", graph.ReportsTo, "post/iq-prime-minister", graph.Possible},
		{"zone", "group/kataib-hizballah", graph.PresentIn, "place/international-zone", graph.Possible},
		{"zone", "group/kataib-hizballah", graph.Controls, "institution/iq-security-of-the-international-zone", graph.Certain},
		{"zone", "group/kataib-hizballah", graph.Controls, "institution/iq-pmf-central-security-directorate", graph.Possible},
		{"zone", "person/abu-fadak-al-mohammedawi", graph.Holds, "post/iq-chief-of-staff-of-the-popular-mobilization-forces", graph.Certain},
		{"zone", "institution/iq-security-of-the-international-zone", graph.DependsOn, "institution/iq-pmf-central-security-directorate", graph.Possible},
		{"brigades", "group/kataib-hizballah", graph.Controls, "institution/iq-pmf-45th-brigade", graph.Possible},
		{"brigades", "group/kataib-hizballah", graph.Controls, "institution/iq-pmf-46th-brigade", graph.Possible},
		{"brigades", "group/kataib-hizballah", graph.Controls, "institution/iq-pmf-47th-brigade", graph.Possible},
		{"brigades", "institution/iq-pmf-45th-brigade", graph.PartOf, "institution/iq-popular-mobilization-forces", graph.Possible},
		{"brigades", "institution/iq-pmf-2nd-brigade", graph.PartOf, "institution/iq-popular-mobilization-forces", graph.No},
		{"brigades", "institution/iq-pmf-2nd-brigade", graph.PartOf, "institution/iq-office-of-the-commander-in-chief", graph.Possible},
		{"crossings", "group/badr-organization", graph.Controls, "stream/customs-mandali", graph.Possible},
		{"crossings", "stream/state-budget-of-iraq", graph.Funds, "institution/iq-popular-mobilization-commission", graph.Certain},
		{"backers", "institution/ir-irgc-quds-force", graph.Backs, "group/kataib-hizballah", graph.Possible},
		{"parliament", "group/sairoon-alliance", graph.Supports, "institution/iq-council-of-representatives", graph.Certain},
		{"parliament", "group/fatah-alliance", graph.Supports, "person/adil-abdul-mahdi", graph.No},
		{"counterweights", "person/abdul-wahab-al-saadi", graph.Holds, "post/iq-head-of-the-counter-terrorism-service", graph.Certain},
		{"counterweights", "person/mustafa-al-kadhimi", graph.Holds, "post/iq-director-of-the-national-intelligence-service", graph.Certain},
		{"counterweights", "person/raed-juhi", graph.Holds, "post/iq-director-of-the-national-intelligence-service", graph.No},
		{"counterweights", "institution/iq-counter-terrorism-service", graph.LoyalTo, "post/iq-prime-minister", graph.Possible},
		{"force", "institution/us-armed-forces", graph.Backs, "institution/iq-government", graph.Certain},
		{"force", "institution/us-armed-forces", graph.LocatedAt, "place/camp-taji", graph.No},
		{"force", "institution/gb-government", graph.Backs, "institution/iq-government", graph.No},
		{"zone", "person/shihab-nasser-al-khikani", graph.Holds, "post/iq-commander-of-the-special-division", graph.Certain},
		{"zone", "person/karim-abboud-al-tamimi", graph.Holds, "post/iq-commander-of-the-special-division", graph.No},
		{"interior", "person/abu-ali-al-basri", graph.Holds, "post/iq-head-of-the-falcons-intelligence-cell", graph.Certain},
		{"interior", "person/adil-abdul-mahdi", graph.Holds, "post/iq-minister-of-interior", graph.No},
		{"interior", "person/thamir-al-husseini", graph.Holds, "post/iq-commander-of-the-emergency-response-division", graph.Certain},
		{"brigades", "person/falih-al-fayyadh", graph.Holds, "post/iq-chairman-of-the-popular-mobilization-commission", graph.Certain},
		{"parliament", "person/hadi-al-amiri", graph.Holds, "post/iq-member-of-the-council-of-representatives", graph.No},
		{"parliament", "person/abdul-karim-younis-ailan", graph.Holds, "post/iq-member-of-the-council-of-representatives", graph.Possible},
		{"ranks", "group/kataib-hizballah", graph.AlliedWith, "group/saraya-al-khorasani", graph.Possible},
		{"crossings", "institution/iq-emergency-response-division", graph.LocatedAt, "place/mandali-border-crossing", graph.Possible},
		{"crossings", "institution/iq-emergency-response-division", graph.LocatedAt, "place/mundhiriyah-border-crossing", graph.No},
		{"crossings", "institution/iq-naval-force-command", graph.LocatedAt, "place/umm-qasr-north-border-crossing", graph.No},
		{"crossings", "institution/iq-army", graph.LocatedAt, "place/umm-qasr-north-border-crossing", graph.Possible},
		// What came after the day.
		{"later", "person/khaled-al-obaidi", graph.Holds, "post/iq-chief-of-operations-of-the-national-intelligence-service", graph.No},
		{"later", "person/hamid-al-zuhairi", graph.Holds, "post/iq-commander-of-the-special-division", graph.No},
		{"later", "group/kataib-hizballah", graph.PartOf, "group/tansiqiya", graph.No},
		{"later", "group/harakat-hezbollah-al-nujaba", graph.PartOf, "group/tansiqiya", graph.No},
		{"later", "group/iraqi-front-2020", graph.Supports, "institution/iq-council-of-representatives", graph.No},
		{"later", "person/usama-al-nujayfi", graph.MemberOf, "group/iraqi-front-2020", graph.No},
		// What was over before it.
		{"earlier", "group/jaish-al-mahdi", graph.WingOf, "group/sadrist-movement", graph.No},
		{"earlier", "group/fatah-alliance", graph.PartOf, "group/bina-alliance", graph.No},
		{"earlier", "group/kurdistan-democratic-party", graph.PartOf, "group/four-party-front-2007", graph.No},
		{"counterweights", "institution/us-government", graph.Backs, "institution/iq-counter-terrorism-service", graph.Possible},
	}
	for _, tt := range tests {
		t.Run(tt.question+" "+string(tt.from)+" "+tt.typ.String()+" "+string(tt.to), func(t *testing.T) {
			best, found := graph.No, false
			for _, tie := range b.Ties {
				if tie.Type == tt.typ && tie.From == tt.from && tie.To == tt.to && tie.Status != graph.Rejected {
					found = true
					best = max(best, tie.Span.At(asOf))
				}
			}
			if !found || best != tt.want {
				t.Errorf("found %v, %s on 2020-08-24; want %s", found, best, tt.want)
			}
		})
	}
}

// Under the default gap policy a body must have a holder, a line of command, a
// hold or a provider to say anything about.
func TestSeedInstitutionsHaveMaterial(t *testing.T) {
	standing := map[graph.TieType]map[graph.ID]int{}
	for _, tie := range sample(t).Ties {
		if tie.Status == graph.Rejected || !(graph.GapPolicy{}).Holds(tie.Span.Bounds(), asOf) {
			continue
		}
		if standing[tie.Type] == nil {
			standing[tie.Type] = map[graph.ID]int{}
		}
		standing[tie.Type][tie.To]++
		if tie.Type == graph.DependsOn {
			standing[tie.Type][tie.From]++
		}
	}
	for _, want := range []struct {
		typ graph.TieType
		to  graph.ID
		min int
	}{
		{graph.PostIn, "institution/iq-ministry-of-interior", 6},
		{graph.ReportsTo, "post/iq-minister-of-interior", 4},
		{graph.ReportsTo, "post/iq-prime-minister", 25},
		{graph.PartOf, "institution/iq-ministry-of-interior", 4},
		{graph.PartOf, "institution/iq-popular-mobilization-forces", 35},
		{graph.Supports, "institution/iq-council-of-representatives", 10},
		{graph.DependsOn, "institution/iq-security-of-the-international-zone", 4},
		{graph.LocatedAt, "place/international-zone", 5},
		{graph.MemberOf, "group/kataib-hizballah", 5},
		{graph.MemberOf, "group/badr-organization", 5},
	} {
		if got := standing[want.typ][want.to]; got < want.min {
			t.Errorf("%s into %s: %d standing on 2020-08-24, want at least %d", want.typ, want.to, got, want.min)
		}
	}
}
