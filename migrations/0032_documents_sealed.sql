-- Sealed documents: what only the patient and the readers they chose can open, and the keys for it, all of which were made and
-- wrapped in a browser. What is kept of it is sealed once more with the key of the record (or of the system, for staff), so
-- that destroying that key ends it in every copy.

-- Somebody's vault: their public keys, and their private ones under a key that the server never has. `patient` or
-- `practitioner` is whom the account stands for, the other 0; `h` a keyed hash of the code of the public keys; `logged` where in
-- its sequence of the ledger the entry about them is at the earliest.
CREATE TABLE seal_vault (
    account INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL,
    practitioner INTEGER NOT NULL,
    created INTEGER NOT NULL,
    h INTEGER NOT NULL,
    logged INTEGER NOT NULL,
    detail BLOB NOT NULL
);
CREATE INDEX seal_vault_patient ON seal_vault (patient);
CREATE INDEX seal_vault_practitioner ON seal_vault (practitioner);
CREATE INDEX seal_vault_h ON seal_vault (h);
-- A way into a vault: `kind` 0 a passkey, 1 the recovery code.
CREATE TABLE seal_way (
    way INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    created INTEGER NOT NULL,
    detail BLOB NOT NULL
);
CREATE INDEX seal_way_account ON seal_way (account);
-- Who holds a share of the key of a vault: two of three open it.
CREATE TABLE seal_guardian (
    account INTEGER NOT NULL,
    guardian INTEGER NOT NULL,
    created INTEGER NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (account, guardian)
) WITHOUT ROWID;
CREATE INDEX seal_guardian_of ON seal_guardian (guardian);
-- A device that asks to be let into a vault of its owner: `kind` 0 by another device, 1 by guardians. It says its public key.
CREATE TABLE seal_opening (
    opening INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    detail BLOB NOT NULL
);
CREATE INDEX seal_opening_account ON seal_opening (account);
-- What it was answered, and by whom: wrapped for its public key.
CREATE TABLE seal_answer (
    opening INTEGER NOT NULL,
    account INTEGER NOT NULL,
    created INTEGER NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (opening, account)
) WITHOUT ROWID;

-- The key of a compartment in an epoch, wrapped for a reader: `compartment` is its bit in a grant, `reader` the number of a
-- Practitioner, 0 for the patient.
CREATE TABLE seal_wrap (
    patient INTEGER NOT NULL,
    compartment INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    reader INTEGER NOT NULL,
    created INTEGER NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (patient, compartment, epoch, reader)
) WITHOUT ROWID;
CREATE INDEX seal_wrap_reader ON seal_wrap (reader);
-- A sealed document: `id` was drawn by the browser, `blob` is the random name of its file, `size` what the file takes, which is
-- full pieces. `detail` is what only its readers can open: its name, kind, date, tags and the key of its file.
CREATE TABLE sealed_document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    patient INTEGER NOT NULL,
    compartment INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    size INTEGER NOT NULL,
    added INTEGER NOT NULL,
    detail BLOB NOT NULL
);
CREATE UNIQUE INDEX sealed_document_id ON sealed_document (id);
CREATE INDEX sealed_document_patient ON sealed_document (patient);
CREATE UNIQUE INDEX sealed_document_blob ON sealed_document (blob);

INSERT INTO counter (name, value) VALUES ('seal-way', 0), ('seal-opening', 0), ('sealed-document', 0);
