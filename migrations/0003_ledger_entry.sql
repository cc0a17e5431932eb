-- The append-only log. leaf = HMAC(r, entry); entry and r are sealed with the patient's key.
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL,
  patient INTEGER NOT NULL,
  -- Position in this patient's own sequence: it has no gaps, so an omission shows.
  pseq INTEGER NOT NULL,
  entry BLOB NOT NULL
);
CREATE UNIQUE INDEX ledger_patient ON ledger (patient, pseq);
-- Hashes of complete subtrees at levels 8, 16, 24, …: a proof reads a few of them instead of the whole log.
CREATE TABLE ledger_node (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
-- One row: how many leaves, and the roots of the perfect subtrees they form, largest first.
CREATE TABLE ledger_head (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, frontier BLOB NOT NULL);
-- Signed tree heads that were handed out.
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note TEXT NOT NULL);
