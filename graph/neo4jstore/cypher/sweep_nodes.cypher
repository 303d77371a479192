// A piece of a kind, as it is.
MATCH (n:$$KIND$$) WHERE n.id > $after AND n.id <= $last RETURN n
