($$OF$$[c.name] IS NULL OR CASE c.type
WHEN 'list' THEN CASE WHEN $$OF$$[c.name] IS :: LIST<STRING NOT NULL>
  THEN all(text IN $$OF$$[c.name] WHERE CASE WHEN c.enum IS NULL THEN text = trim(text) AND text <> '' AND NOT text CONTAINS '\u0000' AND size(text) <= 16384 ELSE text IN c.enum END)
  ELSE false END
WHEN 'string' THEN CASE WHEN c.enum IS NULL
  THEN $$OF$$[c.name] = trim(toStringOrNull($$OF$$[c.name])) AND $$OF$$[c.name] <> '' AND NOT $$OF$$[c.name] CONTAINS '\u0000' AND size(toStringOrNull($$OF$$[c.name])) <= 16384
  ELSE $$OF$$[c.name] IN c.enum END
WHEN 'date' THEN $$OF$$[c.name] IS :: STRING | DATE AND $$OF$$[c.name] <> ''
WHEN 'boolean' THEN $$OF$$[c.name] IS :: BOOLEAN
WHEN 'integer' THEN $$OF$$[c.name] IS :: INTEGER AND coalesce($$OF$$[c.name] >= c.min AND $$OF$$[c.name] <= c.max, true)
ELSE $$OF$$[c.name] IS :: FLOAT | INTEGER AND coalesce($$OF$$[c.name] >= c.min AND $$OF$$[c.name] <= c.max, true)
END)
