package graph

// Confidence is the probability, 0–1, that a claim holds, with the rule that
// gave it. Rules are versioned: a changed table is a new rule.
type Confidence struct {
	Value float64
	// Rule is "stated" where the data itself gives the number.
	Rule string
}

// The rules that give a confidence.
const (
	// RuleStated: the record gives the number.
	RuleStated = "stated"
	// RuleAdmiralty derives it from the claim's grade.
	RuleAdmiralty = "admiralty/1"
	// RuleDefault: nothing is known; DefaultConfidence stands in and every
	// answer tells how many ties rest on it.
	RuleDefault = "default/1"
	// RuleSFM maps the three words of Security Force Monitor sheets.
	RuleSFM = "sfm/1"
)

// DefaultConfidence is used for a claim that comes with neither number nor
// grade.
const DefaultConfidence = 0.6

// credibilityConfidence is rule admiralty/1: the digit gives the value, the
// letter caps it. 6 and F cannot be judged: they give no number and no cap.
var (
	credibilityConfidence = map[byte]float64{'1': 0.95, '2': 0.8, '3': 0.6, '4': 0.35, '5': 0.1}
	reliabilityCap        = map[byte]float64{'C': 0.8, 'D': 0.6, 'E': 0.4}
	sfmConfidence         = map[string]float64{"Low": 0.4, "Medium": 0.65, "High": 0.9}
)

// Stated is a confidence that a record gives itself.
func Stated(v float64) Confidence { return Confidence{Value: v, Rule: RuleStated} }

// ConfidenceFromGrade derives a confidence by rule admiralty/1, or the default
// where the grade judges nothing.
func ConfidenceFromGrade(g Grade) Confidence {
	v, ok := credibilityConfidence[g.Credibility]
	if !ok {
		return Confidence{Value: DefaultConfidence, Rule: RuleDefault}
	}
	if limit, ok := reliabilityCap[g.Reliability]; ok {
		v = min(v, limit)
	}
	return Confidence{Value: v, Rule: RuleAdmiralty}
}

// ConfidenceFromSFM maps Low, Medium and High to 0.4, 0.65 and 0.9; any other
// word is reported by ok = false.
func ConfidenceFromSFM(word string) (c Confidence, ok bool) {
	v, ok := sfmConfidence[word]
	return Confidence{Value: v, Rule: RuleSFM}, ok
}
