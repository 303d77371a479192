-- The first form of the file. Labels of kinds and tie types are kept as text,
-- so that the order of the vocabulary table means nothing to a file.
-- Lists are JSON arrays of text. Ids compare by bytes (BINARY).

CREATE TABLE meta (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  store   TEXT NOT NULL,              -- random, made with the file
  version INTEGER NOT NULL            -- goes up with every commit that changes data
) STRICT;

CREATE TABLE load (
  no      INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  dataset TEXT NOT NULL,
  format  TEXT NOT NULL
) STRICT;

CREATE TABLE node (
  id        TEXT NOT NULL PRIMARY KEY,
  kind      TEXT NOT NULL,
  name      TEXT NOT NULL,            -- the primary name
  name_key  TEXT NOT NULL,            -- its folded key
  names     TEXT NOT NULL,            -- [[text, lang, script, kind], …]
  types     TEXT,                     -- [type, …]
  aliases   TEXT,                     -- [alias, …]
  props     TEXT,                     -- {name: [value, …], …}
  keys      TEXT,                     -- {name: [number, or [first day, last day], …], …}: how props compare
  citations TEXT,                     -- [[source, page, quote], …]
  marking   INTEGER NOT NULL,         -- TLP: 0 CLEAR … 4 RED
  load      INTEGER REFERENCES load
) STRICT, WITHOUT ROWID;

CREATE INDEX node_kind ON node (kind, id, marking, load);
CREATE INDEX node_kind_name ON node (kind, name_key, id);
CREATE INDEX node_name ON node (name_key, id);
CREATE INDEX node_hidden ON node (kind, marking) WHERE marking > 0;

CREATE TABLE name (
  no   INTEGER PRIMARY KEY,
  node TEXT NOT NULL REFERENCES node,
  pos  INTEGER NOT NULL,              -- place among the node's names
  text TEXT NOT NULL,
  key  TEXT NOT NULL                  -- folded
) STRICT;

-- Three-letter pieces of the keys; what it finds is checked against the key.
CREATE VIRTUAL TABLE name_piece USING fts5 (
  key, content = 'name', content_rowid = 'no', tokenize = 'trigram', detail = none, columnsize = 0
);

CREATE TABLE alias (
  alias TEXT NOT NULL,
  node  TEXT NOT NULL REFERENCES node,
  PRIMARY KEY (alias, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE tie (
  no             INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  type           TEXT NOT NULL,
  from_id        TEXT NOT NULL REFERENCES node,
  to_id          TEXT NOT NULL REFERENCES node,
  span           TEXT,                -- stated: EDTF start/end
  seen           TEXT,                -- observed: EDTF first/last
  confidence     REAL NOT NULL,
  rule           TEXT NOT NULL,
  weight         REAL,
  grade          TEXT,
  status         INTEGER NOT NULL,    -- 0 accepted, 1 conflict, 2 rejected
  conflict_set   TEXT,
  derived        INTEGER NOT NULL,
  derived_by     TEXT,
  note           TEXT,
  props          TEXT,
  keys           TEXT,
  citations      TEXT,
  marking        INTEGER NOT NULL,
  load           INTEGER REFERENCES load,
  visible        INTEGER NOT NULL,    -- the strictest marking of the tie and its two ends
  start_earliest INTEGER NOT NULL,    -- days since 1970-01-01: the span's bounds
  start_latest   INTEGER NOT NULL,
  end_earliest   INTEGER NOT NULL,
  end_latest     INTEGER NOT NULL,
  evidence       INTEGER NOT NULL
) STRICT;

CREATE INDEX tie_from ON tie (from_id, type, start_earliest, id, visible);
CREATE INDEX tie_to ON tie (to_id, type, start_earliest, id, visible);
CREATE INDEX tie_type ON tie (type, id, visible, load);
