// For those who write MATCH (:$$KIND$$ {name: …}) themselves.
CREATE RANGE INDEX entangle_name_$$KIND$$ IF NOT EXISTS FOR (n:$$KIND$$) ON (n.name)
