// Lists of one kind in the order of names.
CREATE RANGE INDEX entangle_key_$$KIND$$ IF NOT EXISTS FOR (n:$$KIND$$) ON (n._key)
