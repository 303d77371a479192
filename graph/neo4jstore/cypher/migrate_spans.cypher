// The text that tells whether somebody has changed the dates has the bounds too.
MATCH ()-[r:$$TYPE$$]->() WHERE r._span IS :: STRING NOT NULL AND NOT r._span CONTAINS '|'
CALL (r) { SET r._span = r._span + $$BOUNDS$$ } IN TRANSACTIONS OF 5000 ROWS
