-- What each grant said, from its first word to its end. Who said it and what is sealed with the patient's key.
CREATE TABLE grant_version (
  grant_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  patient INTEGER NOT NULL,
  time INTEGER NOT NULL,
  detail BLOB NOT NULL,
  PRIMARY KEY (grant_id, version)
) WITHOUT ROWID;
CREATE INDEX grant_version_patient ON grant_version (patient);
