package graph

// Tenures are how long the holders of posts of a type stayed: a row of the frozen table.
type Tenures struct {
	// Post is a type of post, which is its own or that of an institution it is in; "" for
	// all posts.
	Post string
	// Years is the half-life: the median of Kaplan and Meier (1958), Low to High its 95%
	// interval.
	Years, Low, High float64
	// Held tenures were counted, Ended of them were seen to end.
	Held, Ended int
}

// TenureData says which data the table of tenures was frozen from. Queries has a test that
// works it out again from the files in its testdata.
const TenureData = "Wikidata, offices of Iraq 1979–2022, as every-politician-scrapers/iraq-ministers read it (CC0), last event 2022-05-13"

// TenureHalfLife is that of all posts, for types that have no row of their own.
const TenureHalfLife = 2.00

// tenureHalfLives has a row for each type of post with at least ten ends.
var tenureHalfLives = []Tenures{
	{Post: "government", Years: 0.95, Low: 0.08, High: 1.53, Held: 45, Ended: 42},
	{Post: "legislature", Years: 4.00, Low: 3.48, High: 4.00, Held: 23, Ended: 21},
	{Post: "ministry", Years: 2.00, Low: 1.72, High: 2.79, Held: 112, Ended: 90},
	{Post: "office", Years: 3.92, Low: 1.04, High: 9.30, Held: 23, Ended: 20},
}

// TenureHalfLives returns the frozen table, by type of post, and the row of all posts. The
// caller must not change it.
func TenureHalfLives() (byPost []Tenures, all Tenures) {
	return tenureHalfLives, Tenures{Years: TenureHalfLife, Low: 1.63, High: 2.79, Held: 208, Ended: 176}
}
