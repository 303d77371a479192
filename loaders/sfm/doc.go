// Package sfm reads the research sheets of Security Force Monitor in the form
// its importer takes: units, persons, persons_extra and sources, as CSV or TSV,
// with headers such as unit:id:admin or person:posting_role:source. The slim
// units sheet without sources is read too.
//
// A row of the units sheet is up to three records: the unit, its relation to
// another unit, and a location. One unit has many rows; what its rows say of
// the unit itself is united, and of single values the earlier row stays.
//
// A first or last citation is an observation, not a start or an end: it becomes
// one only where the sheet says so (start flag Y, open flag E).
//
// Columns marked :admin are read for ids and status and never stored. Rows with
// another status than 3 and restricted sources are not published: they are
// rejected. The older sheets that name parent units instead of giving their ids,
// and the newer claim tables, are not read.
package sfm
