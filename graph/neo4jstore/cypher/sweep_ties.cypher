// The ties that begin at a piece of a kind, as they are; the kinds and markings of their ends, and
// whether these are taken in.
MATCH (a:$$KIND$$:Entity) WHERE a.id > $after AND a.id <= $last
MATCH (a)-[r:$$TYPES$$]->(b:Entity)
RETURN r, a.id AS from, b.id AS to, a.marking AS near, b.marking AS far, labels(a) AS nearKinds, labels(b) AS farKinds,
  a._key IS NOT NULL AND b._key IS NOT NULL AS served
