// A probability from the weight of the worlds in which something happened.
//
// Invariant: an exact probability has no width; a sampled one has the interval of its count.
// Source: Wilson 1927, J. Am. Stat. Assoc. 22:209, by way of wilson.go.
// Cost: O(1).

package estimate

// Probability makes a probability of the weight of the worlds in which something happened. Where
// exact the weights are probabilities themselves; else they are numbers of worlds drawn, and the
// interval is [Wilson]'s.
func Probability(exact bool, weight, total float64) Estimate {
	if exact {
		p := Round(min(1, max(0, weight/total)))
		return Estimate{P: p, Low: p, High: p}
	}
	return Wilson(int(weight), int(total))
}
