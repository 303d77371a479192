// Counts that the server keeps.
$$COUNTS$$
