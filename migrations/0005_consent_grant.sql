-- Every consent ever given; revoked ones stay for the history. The note and the names of both sides are sealed with the
-- patient's key.
CREATE TABLE grants (
  grant_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- The number of the Practitioner or Organization resource.
  grantee INTEGER NOT NULL,
  grantee_kind INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  created INTEGER NOT NULL,
  until INTEGER NOT NULL,
  revoked INTEGER,
  last_read INTEGER,
  detail BLOB NOT NULL
);
CREATE INDEX grants_patient ON grants (patient, grant_id);
CREATE INDEX grants_grantee ON grants (grantee, grant_id);
-- The live grants only, in the shape that the predicate of every scan reads. Revoking deletes the row.
CREATE TABLE reach (
  grantee INTEGER NOT NULL,
  patient INTEGER NOT NULL,
  grant_id INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  until INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  PRIMARY KEY (grantee, patient, grant_id)
) WITHOUT ROWID;
-- Who is to hear that a record changed.
CREATE INDEX reach_patient ON reach (patient, grantee);
-- A practitioner asks; the patient answers. What was asked is sealed with the patient's key, or with the system's where
-- it names nobody.
CREATE TABLE access_request (
  request_id INTEGER PRIMARY KEY,
  -- NULL when what the practitioner typed names nobody: nothing tells them so.
  patient INTEGER,
  account INTEGER NOT NULL,
  -- 0 open, 1 granted, 2 declined.
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX access_request_patient ON access_request (patient, request_id);
CREATE INDEX access_request_account ON access_request (account, request_id);
-- What a patient tells a practitioner so that they can ask for access; h is a keyed hash of the code. The code itself is
-- kept nowhere: it follows from the patient and the attempt, which is raised when two patients would share one.
CREATE TABLE share_code (patient INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, h INTEGER NOT NULL);
CREATE UNIQUE INDEX share_code_h ON share_code (h);
