($$OF$$.sources IS NULL AND $$OF$$.pages IS NULL AND $$OF$$.quotes IS NULL
OR CASE WHEN $$OF$$.sources IS :: LIST<STRING NOT NULL> AND $$OF$$.pages IS :: LIST<STRING NOT NULL> AND $$OF$$.quotes IS :: LIST<STRING NOT NULL>
THEN all(beside IN [$$OF$$.pages, $$OF$$.quotes] WHERE coalesce(size(beside), 0) IN [0, coalesce(size($$OF$$.sources), 0)])
  AND all(text IN coalesce($$OF$$.sources, []) WHERE text <> '' AND NOT text CONTAINS '\u0000' AND size(text) <= 16384)
  AND ($$OF$$.pages IS NULL OR all(text IN $$OF$$.pages WHERE NOT text CONTAINS '\u0000' AND size(text) <= 16384))
  AND ($$OF$$.quotes IS NULL OR all(text IN $$OF$$.quotes WHERE NOT text CONTAINS '\u0000' AND size(text) <= 16384))
ELSE false END)
