package exec

// Scan is the pass over bytes and tokens, for its fuzz test.
func Scan(src string, l Limits) *Error { return scan(src, l.withDefaults()) }

// Documents returns how many documents the cache holds.
func (d *Door) Documents() int { return len(d.cache.byKey) }
