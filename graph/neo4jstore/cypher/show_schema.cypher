SHOW INDEXES YIELD name, state, owningConstraint, failureMessage
RETURN name, state, owningConstraint IS NOT NULL AS constraint, failureMessage
