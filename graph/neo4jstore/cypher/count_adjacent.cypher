UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE $$SEEN_N$$
MATCH $$STEP$$ WHERE $$SEEN_STEP$$ AND $$WHERE$$ AND $$FAR$$
RETURN id, count(r) AS count
