package queries

import (
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// What questions ask where nothing else is said, in one place: the command line and the
// GraphQL schema read it here.
const (
	// DefaultSeed of the draws.
	DefaultSeed = 1
	// DefaultSamples gives a half-width of at most 1.6 percentage points.
	DefaultSamples = 4096
	// ManySamples is the number of worlds of a question that simulates many purges: a
	// half-width of at most 3.1 percentage points.
	ManySamples = 1024
	// DefaultSearch is the number of worlds in which a plan is searched for.
	DefaultSearch = 512

	// Lists: rows of a list that an answer has, institutions that a purge explains,
	// ways shown for each row, paths, points of a curve, institutions named at risk
	// for each row, ties to verify.
	DefaultFirst    = 20
	DefaultExplain  = 20
	DefaultEvidence = 3
	DefaultPaths    = 5
	DefaultPoints   = 50
	DefaultRisks    = 3
	DefaultTies     = 20

	DefaultDistantYears = projection.DefaultDistantYears
	DefaultHops         = 6
	DefaultSufficient   = 0.5
	DefaultTolerance    = 0.05
	DefaultThreshold    = 0.5
	DefaultBeam         = 4
	DefaultRecovery     = 1
	DefaultBudget       = 2000
	DefaultLevel        = 0.9
	DefaultSize         = 3
	DefaultTrajectories = 10
	DefaultLevels       = 4
)

// How far a question may go; MaxExact and MaxSamples stand beside Draw.
const (
	// ServedSamples and ServedSearch bound the worlds, and the worlds of a search,
	// where a server answers others and nobody sets another bound.
	ServedSamples = 1 << 16
	ServedSearch  = 1 << 12

	MaxHops     = 12
	MaxPaths    = 50
	MaxBeam     = 256
	MaxRecovery = 16
	MaxBudget   = 1 << 20
	MaxSize     = 12
)

func defaultDraw(samples int) worlds.Draw {
	return worlds.Draw{Method: worlds.Auto, Samples: samples, Seed: DefaultSeed}
}

func defaultScenario() Scenario { return Scenario{Params: worlds.DefaultParams()} }

// Questions is the table of all questions, in the order in which they are listed. Base and
// Rate are what make bench-price prints.
//
//nolint:funlen // a table
func Questions() []Question {
	return []Question{
		ofOne(Question{
			Name: "purge", Command: "purge", Asks: "which institutions would a purge fracture?",
			Estimated: "a probability is the share of the worlds, with Wilson's interval (1927); the number fractured is their mean, with Student's; the share that rests on default confidences is a ratio of means (Cochran 1977)",
			Time:      "O(W/64 × (ties the purge touches + 64 × institutions it touches)), divided among workers; exact the same with W = 2ᵏ, k ≤ 20", Memory: "O(n) a worker",
			Base: 50, Rate: 1,
		}, DefaultPurge, Purge),
		ofOne(Question{
			Name: "compare", Command: "compare", Asks: "how do two purges differ?",
			Estimated: "a difference is that of pairs of worlds, with the interval of Agresti and Min (2005) and the test of McNemar (1947); that of two means has Student's over the pairs",
			Time:      "two purges", Memory: "O(n) a worker",
			Base: 40, Rate: 0.5,
		}, DefaultCompare, Compare),
		ofOne(Question{
			Name: "entanglement", Command: "entanglement", Asks: "which institutions would a purge of each single group fracture?",
			Estimated: "as of a purge of each group",
			Time:      "a purge for each group", Memory: "O(n) a worker",
			Base: 60, Rate: 0.22,
		}, DefaultEntanglement, EntanglementOf),
		ofOne(Question{
			Name: "attribution", Command: "attribution", Asks: "how much of the damage is due to each target of a purge?",
			Estimated: "Shapley values (1953) of every subset, their error that of the worlds, or of orders drawn (Castro, Gómez, Tejada 2009), their error that of the blocks; a set that suffices is judged in fresh worlds, with Wilson's interval",
			Time:      "2ᵏ purges for k ≤ 10 targets, else about 4k", Memory: "O(n + 2ᵏ) a worker",
			Base: 60, Rate: 0.75,
		}, DefaultAttribution, Attribute),
		ofOne(Question{
			Name: "verify", Command: "verify", Asks: "which uncertain tie is most worth checking?",
			Estimated: "importance (Birnbaum 1969) is a difference of two groups of fresh worlds: of probabilities with the interval of Agresti and Caffo (2000), of means with that of Zou and Donner (2008)",
			Time:      "two purges, and O(W/64 × doubtful ties)", Memory: "O(n + doubtful ties) a worker",
			Base: 30, Rate: 0.9,
		}, DefaultVerify, Verify),
		ofOne(Question{
			Name: "sensitivity", Command: "sensitivity", Asks: "which parameters of the model does an answer depend on?",
			Estimated: "elementary effects (Morris 1991) and mu* (Campolongo, Cariboni, Saltelli 2007), with Student's interval over the trajectories; sigma with the jackknife (Tukey 1958)",
			Time:      "r(D + 1) purges, 130 by default", Memory: "O(n) a worker",
			Base: 300, Rate: 0.8,
		}, DefaultSensitivity, Sensitivity),
		ofOne(Question{
			Name: "frontier", Command: "frontier", Asks: "how far can a purge go before institutions fracture?",
			Estimated: "sets are chosen in the worlds of the search and judged in fresh ones: probabilities with Wilson's interval, expected weights with Student's",
			Time:      "2ᵏ purges for k ≤ 12 groups; for k ≤ 20 k + 1 purges, W/64 times the looks at single supports and k · 2ᵏ additions for each institution ([figures](questions.md#frontier)); else about 2 · beam · k² purges; two minimum cuts for each point of the ANY rule", Memory: "O(n + 2ᵏ) a worker",
			Base: 60, Rate: 0.4,
		}, DefaultFrontier, Frontier),
		ofOne(Question{
			Name: "stage", Command: "stage", Asks: "in which order should targets be purged, with recovery between the stages?",
			Estimated: "an order is chosen in the worlds of the search and judged in fresh ones: expected weights with Student's interval, probabilities with Wilson's",
			Time:      "a purge for each state that differs, `budget` at most", Memory: "O(n + what the targets take) a worker",
			Base: 80, Rate: 0.47,
		}, DefaultStage, Stage),
		ofOne(Question{
			Name: "insure", Command: "insure", Asks: "which measures, taken before a purge, keep its damage within a limit?",
			Estimated: "the tail is a mean of the worst worlds (Rockafellar, Uryasev 2000) with a bootstrap error (Efron 1979), in fresh worlds",
			Time:      "a purge for each set of measures, 1,350 at most up to three of twenty", Memory: "O(n) a worker",
			Base: 200, Rate: 0.32,
		}, DefaultInsure, Insure),
		ofOne(Question{
			Name: "worstCase", Command: "worst-case", Asks: "what is the worst that the loss of as many persons and groups could do to the bare network?",
			Estimated: "counted, no sample: F (Borgatti 2006) of the network that CoreHD (Zdeborová, Zhang, Zhou 2016) or a search by F leaves",
			Time:      "O((n + m) log n), and at most about 10⁸ steps of a search by F", Memory: "O(n + m)",
			Base: 200, Rate: 26,
		}, DefaultWorstCase, WorstCase),
		ofOne(Question{
			Name: "brokers", Command: "brokers", Asks: "who is a single point of failure, in the network and in the chain of command?",
			Estimated: "counted, no sample: articulation points (Hopcroft, Tarjan 1973), measures of Burt (1992), dominators and minimum cuts of the chains of command",
			Time:      "O(m log n), Σ degree² for contacts of contacts at worst, one maximum flow in the chain of units for each institution with several lines", Memory: "O(n + m)",
			Base: 5, Rate: 160,
		}, DefaultBrokers, Brokers),
		ofOne(Question{
			Name: "exposure", Command: "exposure", Asks: "which share of an institution is in the hands of which group?",
			Estimated: "an expectation over the confidence of the ties that is worked out, no sample",
			Time:      "O(ties of the institutions asked about)", Memory: "O(pairs)",
			Base: 2, Rate: 115,
		}, DefaultExposure, ExposureOf),
		ofOne(Question{
			Name: "footholds", Command: "footholds", Asks: "on which institutions can one rely: which answer to an office past nobody tied to given groups?",
			Estimated: "a share of posts is a mean over the worlds in which some post is filled, with Student's interval; a probability has Wilson's (1927)",
			Time:      "O(W/64 × (posts below the office + posts of the institutions + ties of the groups)), divided among workers; exact the same with W = 2ᵏ, k ≤ 20", Memory: "O(n) a worker",
			Base: 60, Rate: 0.08,
		}, DefaultFootholds, FootholdsIn),
		ofOne(Question{
			Name: "vacancies", Command: "vacancies", Asks: "which posts are vacant on record, which have no holder on it, which only a doubtful one?",
			Estimated: "counted, no sample: three numbers of posts, never added up",
			Time:      "O(posts and their claims), and another reading of the claims to posts for the picture", Memory: "O(posts)",
			Base: 2, Rate: 20, Tenures: true,
		}, DefaultVacancies, Vacancies),
		ofTwo(Question{
			Name: "changes", Command: "changes", Asks: "what changed between two days?",
			Estimated: "counted, no sample; an exposure is an expectation that is worked out",
			Time:      "two exposures, and O(ties)", Memory: "O(n + ties)",
			Base: 5, Rate: 300,
		}, DefaultChanges, Changes),
		ofOne(Question{
			Name: "paths", Command: "paths", Asks: "by which ties are two nodes connected, and how surely?",
			Estimated: "a path's confidence is the product over its ties (Yen 1971); that any path is there is a share of the worlds, with Wilson's interval, exact where few coins matter",
			Time:      "O(paths × hops² × ties within reach), and W/64 spreads over the ties reached", Memory: "O(n)",
			Base: 5, Rate: 0.14,
		}, DefaultPathsBetween, PathsBetween),
	}
}

// DefaultPurge returns the documented defaults, as the functions below do of theirs: the
// whole answer, with the bare network and what rests on default confidences.
func DefaultPurge() PurgeInput {
	return PurgeInput{Params: worlds.DefaultParams(), Draw: defaultDraw(DefaultSamples), Explain: DefaultExplain, Network: true, Defaults: true}
}

// DefaultCompare compares two purges.
func DefaultCompare() CompareInput {
	return CompareInput{First: defaultScenario(), Second: defaultScenario(), Draw: defaultDraw(DefaultSamples)}
}

// DefaultEntanglement asks about every group.
func DefaultEntanglement() EntanglementInput {
	return EntanglementInput{Params: worlds.DefaultParams(), Draw: defaultDraw(ManySamples)}
}

// DefaultAttribution shares out the number of institutions fractured.
func DefaultAttribution() AttributionInput {
	return AttributionInput{Params: worlds.DefaultParams(), Threshold: DefaultSufficient, Draw: defaultDraw(DefaultSamples)}
}

// DefaultVerify asks about the number of institutions fractured.
func DefaultVerify() VerifyInput {
	return VerifyInput{Params: worlds.DefaultParams(), Ties: DefaultTies, Draw: defaultDraw(DefaultSamples)}
}

// DefaultSensitivity varies every parameter that a number sets.
func DefaultSensitivity() SensitivityInput {
	return SensitivityInput{
		Scenario: defaultScenario(), Factors: DefaultFactors(), Trajectories: DefaultTrajectories, Levels: DefaultLevels, Draw: defaultDraw(ManySamples),
	}
}

// DefaultFrontier asks about every armed group.
func DefaultFrontier() FrontierInput {
	return FrontierInput{
		Tolerance: DefaultTolerance, Threshold: DefaultThreshold, Params: worlds.DefaultParams(), Beam: DefaultBeam, Search: DefaultSearch,
		Draw: defaultDraw(DefaultSamples),
	}
}

// DefaultStage recovers before the next stage and has no limit.
func DefaultStage() StageInput {
	return StageInput{Recovery: DefaultRecovery, Params: worlds.DefaultParams(), Budget: DefaultBudget, Search: DefaultSearch, Draw: defaultDraw(DefaultSamples)}
}

// DefaultInsure has a limit of 0: nothing is to fracture even in the worst worlds.
func DefaultInsure() InsureInput {
	return InsureInput{Level: DefaultLevel, Size: DefaultSize, Params: worlds.DefaultParams(), Search: DefaultSearch, Draw: defaultDraw(DefaultSamples)}
}

// DefaultWorstCase has the default reach.
func DefaultWorstCase() WorstCaseInput { return WorstCaseInput(defaultScenario()) }

// DefaultBrokers asks about all.
func DefaultBrokers() BrokersInput {
	return BrokersInput{First: DefaultFirst, Evidence: DefaultEvidence}
}

// DefaultExposure asks about every pair.
func DefaultExposure() ExposureInput {
	return ExposureInput{Params: worlds.DefaultParams(), Evidence: DefaultEvidence}
}

// DefaultFootholds asks about every institution; whom to rely on, and who must not be in the way,
// has to be put in.
func DefaultFootholds() FootholdsInput {
	return FootholdsInput{Params: worlds.DefaultParams(), Draw: defaultDraw(DefaultSamples)}
}

// DefaultChanges asks about all.
func DefaultChanges() ChangesInput { return ChangesInput{Params: worlds.DefaultParams()} }

// DefaultPathsBetween follows ties of every type.
func DefaultPathsBetween() PathsInput {
	return PathsInput{MaxHops: DefaultHops, Limit: DefaultPaths, Draw: worlds.Draw{Samples: DefaultSamples, Seed: DefaultSeed, Method: worlds.Auto}}
}
