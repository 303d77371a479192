// Substrings of folded names: Matches and Search. A full-text index finds words,
// not parts of them.
CREATE TEXT INDEX entangle_names IF NOT EXISTS FOR (n:Entity) ON (n._keys)
