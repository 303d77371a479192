// The indexed text holds digests of the aliases, words of 16 letters: the term of
// a full-text index may not exceed 32 kB, and a longer one stops the database.
CREATE FULLTEXT INDEX entangle_aliases IF NOT EXISTS FOR (n:Entity) ON EACH [n._aliases]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}
