// For those who ask for places near one another.
CREATE POINT INDEX entangle_point_$$KIND$$ IF NOT EXISTS FOR (n:$$KIND$$) ON (n._point)
