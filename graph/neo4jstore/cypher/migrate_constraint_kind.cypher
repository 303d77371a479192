// For those who write MATCH and MERGE (:$$KIND$$ {id: …}) themselves.
CREATE CONSTRAINT entangle_id_$$KIND$$ IF NOT EXISTS FOR (n:$$KIND$$) REQUIRE n.id IS UNIQUE
