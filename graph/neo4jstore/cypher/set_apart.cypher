// It has no id from now on, and is looked at like any relationship without one.
UNWIND $elements AS element MATCH ()-[r]->() WHERE elementId(r) = element
SET r._double = r.id REMOVE r.id, r._startEarliest
