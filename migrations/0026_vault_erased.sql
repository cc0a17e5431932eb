-- A mark of each key that was destroyed: what the key itself signed, so that nobody without it can tell whose it was. The same
-- marks stand in a file beside the master key, where a copy of the database that is put back does not bring the keys back.
CREATE TABLE erased_key (mark BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
