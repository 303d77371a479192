MATCH (r:x_Run {id: $name}) DETACH DELETE r
