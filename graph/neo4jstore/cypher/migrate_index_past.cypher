// The place of closed versions of ties and of properties of nodes.
CREATE RANGE INDEX entangle_past IF NOT EXISTS FOR (p:_Past) ON (p.id)
