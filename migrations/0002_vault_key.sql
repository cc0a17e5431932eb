-- One data key per patient (owner = the number of the Patient resource; 0 = the directory and the system itself),
-- wrapped by the key-encryption key. Deleting the row is erasing the patient.
CREATE TABLE data_key (owner INTEGER PRIMARY KEY, wrapped BLOB NOT NULL, created INTEGER NOT NULL);
-- The server's own secrets (blind terms, ledger signature), wrapped the same way.
CREATE TABLE secret (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
