package neo4jstore

import (
	"strconv"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// What is computed is native, so that an analyst's own Cypher compares it with what
// Cypher has: the bounds of dates are DATEs, a place with coordinates has a POINT. The
// unbounded ends of time, graph.MinDay and graph.MaxDay, are DATEs too, of years that no
// text means.

// nativeDay is a day as a DATE.
func nativeDay(d graph.Day) dbtype.Date { return dateAt(int64(d)) }

// dateAt is a day that may lie beyond those of graph.Day.
func dateAt(days int64) dbtype.Date { return dbtype.Date(time.Unix(days*86400, 0).UTC()) }

// isoDay writes a DATE as toString(date) does.
func isoDay(v dbtype.Date) string {
	t := v.Time()
	year, sign := t.Year(), ""
	switch {
	case year < 0:
		year, sign = -year, "-"
	case year > 9999:
		sign = "+"
	}
	digits := strconv.Itoa(year)
	for len(digits) < 4 {
		digits = "0" + digits
	}
	return sign + digits + t.Format("-01-02")
}

// joinedDays writes the two bounds of a date of a node, "" where there are none.
func joinedDays(first, last any) string {
	from, okFrom := first.(dbtype.Date)
	to, okTo := last.(dbtype.Date)
	if !okFrom || !okTo {
		return ""
	}
	return "|" + isoDay(from) + "," + isoDay(to)
}

// daysOfText are the bounds of a date of a node; nil where its text says none.
func daysOfText(text string) (first, last any) {
	if d, err := graph.ParseDate(text); err == nil && d.Known() {
		return nativeDay(d.Earliest), nativeDay(d.Latest)
	}
	return nil, nil
}

// wgs84 is the coordinate system of latitude and longitude.
const wgs84 = 4326

// encodePoint sets the point of a node whose kind has coordinates.
func encodePoint(p map[string]any, n graph.Node) {
	if _, ok := graph.Spec(n.Kind.Info().Props, propLat); !ok {
		return
	}
	p[propPoint] = nil
	lat, errLat := strconv.ParseFloat(n.Props.Text(propLat), 64)
	lon, errLon := strconv.ParseFloat(n.Props.Text(propLon), 64)
	if errLat == nil && errLon == nil {
		p[propPoint] = dbtype.Point2D{X: lon, Y: lat, SpatialRefId: wgs84}
	}
}

// same compares two values of properties.
func same(a, b any) bool {
	first, okFirst := a.(dbtype.Date)
	second, okSecond := b.(dbtype.Date)
	if okFirst && okSecond {
		return first.Time().Equal(second.Time())
	}
	return a == b
}
