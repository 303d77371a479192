// Package estimate says how sure a figure is that was counted over worlds: a
// probability, a mean, a share, a difference, a spread, each with its interval.
//
// Worlds that were drawn count one each and are independent; their figures have a 95%
// interval, which covers sampling error only and not the model. Worlds of an exact
// answer, which goes through all there are, weigh what they are likely; their figures are
// cut to nine digits by [Round] and have no error. No interval collapses to a point
// because something was never seen: it is at least as wide as that of [Wilson] for what
// was not.
//
// Sums of whole numbers under 2⁵³ are exact, so that [Moments], [Shares] and [Ratio] of
// drawn worlds come out the same in whatever order they are added and merged.
package estimate
