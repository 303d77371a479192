CREATE RANGE INDEX entangle_source_marking IF NOT EXISTS FOR (n:Source) ON (n.marking)
