CALL () {
$$BRANCHES$$
}
RETURN r, from, to ORDER BY elementId(r)
