CASE c.type
WHEN 'list' THEN $$OF$$[c.name] IS :: LIST<STRING NOT NULL>
WHEN 'string' THEN $$OF$$[c.name] IS :: STRING AND coalesce(c.enum IS NULL OR $$OF$$[c.name] IN c.enum, true)
WHEN 'date' THEN $$OF$$[c.name] IS :: STRING | DATE
WHEN 'boolean' THEN $$OF$$[c.name] IS :: BOOLEAN
WHEN 'integer' THEN $$OF$$[c.name] IS :: INTEGER AND coalesce($$OF$$[c.name] >= c.min AND $$OF$$[c.name] <= c.max, true)
ELSE $$OF$$[c.name] IS :: FLOAT | INTEGER AND coalesce($$OF$$[c.name] >= c.min AND $$OF$$[c.name] <= c.max, true)
END
