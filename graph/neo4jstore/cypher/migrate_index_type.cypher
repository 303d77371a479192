// No constraint: other applications may use the type, and an id, in their own way.
CREATE RANGE INDEX entangle_tie_$$TYPE$$ IF NOT EXISTS FOR ()-[r:$$TYPE$$]-() ON (r.id)
