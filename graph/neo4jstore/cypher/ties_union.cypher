// One branch for each type: each walks its own index of ids.
CALL () {
$$BRANCHES$$
}
RETURN r, from, to
