// Ids that several relationships of a type have.
MATCH ()-[r:$$TYPE$$]->() WHERE r.id IS NOT NULL
WITH r.id AS id, count(*) AS number WHERE number > 1
RETURN id LIMIT $limit
