// Nodes by their ids that the store may not know yet.
CALL () {
  $$KINDS$$
}
RETURN DISTINCT n
