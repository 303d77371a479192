// A relationship that was copied with all its properties would be served twice.
CREATE CONSTRAINT entangle_tie_$$TYPE$$ IF NOT EXISTS FOR ()-[r:$$TYPE$$]-() REQUIRE r.id IS UNIQUE
