// Student95 gives the quantile of Student's t that an interval of a mean needs.
//
// Invariant: it falls as the degrees of freedom grow, and stays above Z95.
// Source: scipy 1.17.1 up to 30 degrees; Abramowitz, Stegun 1964, 26.7.5 beyond.
// Cost: O(1).

package estimate

// student975 are the 97.5% quantiles of Student's t for 1 to 30 degrees of freedom:
// scipy.stats.t.ppf(0.975, n), scipy 1.17.1.
var student975 = [...]float64{
	12.706204736, 4.30265273, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135, 2.262157163, 2.228138852,
	2.20098516, 2.17881283, 2.160368656, 2.144786688, 2.131449546, 2.119905299, 2.109815578, 2.10092204, 2.093024054, 2.085963447,
	2.079613845, 2.073873068, 2.06865761, 2.063898562, 2.059538553, 2.055529439, 2.051830516, 2.048407142, 2.045229642, 2.042272456,
}

// Student95 is the 97.5% quantile of Student's t: so many standard errors a 95%
// interval of a mean reaches to either side. Up to 30 degrees of freedom it is
// looked up, a broken number rounded down, which is the wider side; beyond it is the
// expansion around the normal quantile (Abramowitz, Stegun 1964, 26.7.5), to 2·10⁻⁶.
// Under one degree it is that of one.
func Student95(freedom float64) float64 {
	if n := len(student975); freedom < float64(n+1) {
		return student975[max(0, int(freedom)-1)]
	}
	const z = Z95
	z3, z5, z7 := z*z*z, z*z*z*z*z, z*z*z*z*z*z*z
	return z + (z3+z)/(4*freedom) + (5*z5+16*z3+3*z)/(96*freedom*freedom) +
		(3*z7+19*z5+17*z3-15*z)/(384*freedom*freedom*freedom)
}
