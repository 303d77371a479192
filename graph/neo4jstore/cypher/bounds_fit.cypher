// The computed bounds of a tie are those of its dates.
$$OF$$._startEarliest IS NOT NULL
AND CASE
  WHEN $$OF$$._span IS NOT NULL THEN $$OF$$._span = coalesce(toStringOrNull($$OF$$.start), '') + '/' + coalesce(toStringOrNull($$OF$$.end), '') + '/'
    + coalesce(toStringOrNull($$OF$$.firstSeen), '') + '/' + coalesce(toStringOrNull($$OF$$.lastSeen), '') + $$BOUNDS$$
  // Whole days or nothing: the bounds are the text.
  ELSE $$OF$$.firstSeen IS NULL AND $$OF$$.lastSeen IS NULL AND $$OF$$._startLatest IS NULL AND $$OF$$._endEarliest IS NULL AND $$OF$$._evidence IS NULL
    AND $$OF$$._startEarliest IS :: DATE AND $$OF$$._endLatest IS :: DATE
    AND CASE WHEN $$OF$$.start IS NULL THEN $$OF$$._startEarliest = $first ELSE toStringOrNull($$OF$$.start) = toString($$OF$$._startEarliest) END
    AND CASE WHEN $$OF$$.end IS NULL THEN $$OF$$._endLatest IS NULL ELSE toStringOrNull($$OF$$.end) = toString($$OF$$._endLatest) END
  END
