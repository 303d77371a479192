// The end of the next piece of a kind.
MATCH (n:$$KIND$$) WHERE n.id > $after
WITH n.id AS id ORDER BY id LIMIT $number
RETURN max(id) AS last
