-- What witnesses at other institutions said of this ledger's checkpoints. A witness is named by its whole public key, as
-- it is written in the settings, so that what another key said counts for nothing.
CREATE TABLE cosignature (
  size INTEGER NOT NULL,
  witness TEXT NOT NULL,
  time INTEGER NOT NULL,
  -- A line of a C2SP signed note.
  line TEXT NOT NULL,
  PRIMARY KEY (size, witness)
) WITHOUT ROWID;
-- How each witness stands to this ledger: 0 it signs, 1 it does not answer, 2 it does not know this ledger, 3 it refuses
-- because the ledger does not continue what it signed before.
CREATE TABLE witness_state (
  witness TEXT PRIMARY KEY,
  state INTEGER NOT NULL,
  -- Since when.
  since INTEGER NOT NULL
) WITHOUT ROWID;
