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

// QuestionDefaults is the table of all questions: by the name of the GraphQL field, the input
// that asks what is asked where nothing else is said.
func QuestionDefaults() map[string]any {
	return map[string]any{
		"purge":        DefaultPurge(),
		"compare":      DefaultCompare(),
		"entanglement": DefaultEntanglement(),
		"attribution":  DefaultAttribution(),
		"verify":       DefaultVerify(),
		"sensitivity":  DefaultSensitivity(),
		"frontier":     DefaultFrontier(),
		"stage":        DefaultStage(),
		"insure":       DefaultInsure(),
		"worstCase":    DefaultWorstCase(),
		"brokers":      DefaultBrokers(),
		"exposure":     DefaultExposure(),
		"changes":      DefaultChanges(),
		"paths":        DefaultPathsBetween(),
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

// DefaultChanges asks about all.
func DefaultChanges() ChangesInput { return ChangesInput{Params: worlds.DefaultParams()} }

// DefaultPathsBetween follows ties of every type.
func DefaultPathsBetween() PathsInput {
	return PathsInput{MaxHops: DefaultHops, Limit: DefaultPaths, Draw: worlds.Draw{Samples: DefaultSamples, Seed: DefaultSeed, Method: worlds.Auto}}
}
