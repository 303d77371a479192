-- What readers are told as the version of the data: for each clearance a random text that a
-- commit renews where the clearance observes it. meta.version counts every commit and is told
-- to nobody.

CREATE TABLE observed (
  clearance INTEGER PRIMARY KEY,      -- TLP: 0 CLEAR … 4 RED
  version   TEXT NOT NULL
) STRICT;

INSERT INTO observed VALUES
  (0, lower(hex(randomblob(16)))), (1, lower(hex(randomblob(16)))), (2, lower(hex(randomblob(16)))),
  (3, lower(hex(randomblob(16)))), (4, lower(hex(randomblob(16))));
