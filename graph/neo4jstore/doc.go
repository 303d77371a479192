// Package neo4jstore keeps the graph in Neo4j, over Bolt: one server, or a cluster
// with routing. It needs Neo4j 5.23 or newer, Community included.
//
// # Layout
//
// A node has the label Entity and that of its kind; a tie is a relationship of its
// type. Their properties have the names of the vocabulary and the types that an
// analyst's own Cypher expects: numbers as numbers, sets as lists of strings, dates
// as EDTF texts. name is the primary name, otherNames are the others; nameLangs,
// nameScripts and nameKinds run beside all of them, pages and quotes beside
// sources. What goes without saying is not written: what is CLEAR has no marking,
// what is accepted no status, and without nameKinds the first name is the primary.
//
// Properties that begin with an underscore are computed: folded keys of names, the
// first and last day that a date may mean, the bounds of a tie's span, the point of a
// place. They are native, DATE and POINT, so that others' Cypher compares them too.
// Look-ups, orders and conditions are answered from them on the server. A node
// without _key and a tie without _startEarliest are not served. The other bounds of
// a tie are written where they do not follow: without _endLatest the end is not
// bounded, without _endEarliest it is the last day or, where that is open, the
// first; without _startLatest and _evidence they are _startEarliest. What has no
// beginning has the DATE of graph.MinDay.
//
// Properties, labels and types that begin with x_ are results that others, or
// WriteBack, keep here. The vocabulary never has such a name; reads, adoption and loads
// leave them alone. See docs/cypher.md.
//
// Ids are unique for all nodes of the label Entity, for each kind and for each type
// of ties. A relationship with _double was set apart: another of its type had its id.
//
// One EntangleMeta node carries the number of the layout (migrate.go), the version of
// the folding of names, and the lock that serialises writers; EntangleLoad nodes are
// the loads. The label _Past is kept for closed versions.
//
// # Others' writes
//
// Others may write by Cypher. When the bookmark tells of a commit that was not the
// store's, two statements look for what lacks computed properties, or has them
// computed from other texts than it has now. The valid gets them (and Entity, and a
// derived id where a tie has none); the invalid loses them, is logged, and is
// listed by Problems under the rule that it breaks (graph.Rules). Other labels,
// properties, nodes and relationships are left alone.
//
// A day may be written as a native DATE where the vocabulary has a date. It is served
// as the EDTF day that it is. Adoption leaves the native value and writes the bounds
// beside it, so that its author's comparisons, r.start <= date('2020-08-24'), go on
// working. A load leaves it too, whatever else of that node or tie it changes; another
// date it writes as EDTF text. A DATETIME or LOCAL DATETIME is a problem: which of two
// days is meant depends on where one stands.
//
// A foreign commit that falls between the end of a batch of ours and its own
// commit, a few milliseconds, is looked at with the next one.
//
// # Reads
//
// A reading is read committed, Neo4j's isolation: a view holds no transaction, and
// each call is one short transaction of one statement; streams ask for a page at a
// time, so nothing is open on the server while a caller thinks. The version is that
// of the view's opening.
//
// A look-up is one statement (look_up.cypher) for nodes or their ties and, where the
// caller tells what it will ask next (graph.Want), for that too, hop by hop; what was
// read along is kept until it is asked for. Only the properties that are wanted are
// sent, and checked.
//
// # Writes
//
// A batch is one transaction, which the driver repeats after errors that pass: lock,
// read what is there, merge in Go, write the differences with UNWIND. A transaction
// that finds nothing to write is rolled back and changes no version. A full-text
// index takes no term over 32 kB and stops the whole database at a longer one, so
// none is put on text of free length.
package neo4jstore
