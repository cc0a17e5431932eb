-- Files beside DocumentReferences, and the files that are on their way in.

-- A file that is being sent: who sends it for whom, how much there is and how much has come. `detail` is sealed with the
-- patient's key: its name and what is wished of it. `document` is the row of the DocumentReference once it was taken in; the
-- row stays until it expires, for whoever did not hear the answer.
CREATE TABLE upload (
    upload INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    size INTEGER NOT NULL,
    received INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    document INTEGER,
    detail BLOB NOT NULL
);
-- The pieces of it that came, in their order: each a file of the blob store with a random name.
CREATE TABLE upload_part (
    upload INTEGER NOT NULL,
    part INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    PRIMARY KEY (upload, part)
) WITHOUT ROWID;
CREATE INDEX upload_patient ON upload (patient);
CREATE INDEX upload_expires ON upload (expires);

-- A document: what of it is no part of the DocumentReference of the same number. `blob` is the random name of its files, `h` a
-- keyed hash of its content with the patient inside, `state` 0 waiting, 1 reading, 2 read, 3 unreadable; `added_by` 0 the
-- patient, 1 an organization, 2 a practitioner; `deleted` since when it can be brought back. `detail` is sealed: its media
-- type, who added it, what was read of it so far.
CREATE TABLE document (
    rid INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    h INTEGER NOT NULL,
    size INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    state INTEGER NOT NULL,
    added INTEGER NOT NULL,
    added_by INTEGER NOT NULL,
    deleted INTEGER,
    detail BLOB NOT NULL
);
CREATE INDEX document_patient ON document (patient);
CREATE UNIQUE INDEX document_blob ON document (blob);

-- The words of a page and their places, sealed.
CREATE TABLE document_text (
    rid INTEGER NOT NULL,
    page INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (rid, page)
) WITHOUT ROWID;

-- The blind index of words: a keyed hash with the patient inside. `source` is 0 for what is said of the document, else the page.
CREATE TABLE document_term (
    patient INTEGER NOT NULL,
    h INTEGER NOT NULL,
    rid INTEGER NOT NULL,
    source INTEGER NOT NULL,
    PRIMARY KEY (patient, h, rid, source)
) WITHOUT ROWID;
CREATE INDEX document_term_rid ON document_term (rid, source);

-- A value that was read and waits for somebody to confirm it: `state` 0 proposed, 1 confirmed, 2 skipped; sealed.
CREATE TABLE document_value (
    rid INTEGER NOT NULL,
    n INTEGER NOT NULL,
    state INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (rid, n)
) WITHOUT ROWID;

INSERT INTO counter (name, value) VALUES ('upload', 0);
