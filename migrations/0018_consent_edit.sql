-- Changes that a practitioner drafted for a patient to approve. What would change is sealed with the patient's key.
CREATE TABLE edit (
  edit_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- Who drafted it.
  account INTEGER NOT NULL,
  -- 0 waits, 1 landed, 2 declined, 3 withdrawn.
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  -- Raised with every change of the draft.
  version INTEGER NOT NULL,
  -- Keyed hash of the one-time code and of exactly what it approves; NULL when there is none or it is spent.
  code BLOB,
  code_until INTEGER,
  tries INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX edit_patient ON edit (patient, edit_id);
CREATE INDEX edit_account ON edit (account, edit_id);
-- Half an hour in which a practitioner's drafts for a patient land without a code for each.
CREATE TABLE edit_session (
  session_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  account INTEGER NOT NULL,
  created INTEGER NOT NULL,
  code BLOB,
  code_until INTEGER,
  tries INTEGER NOT NULL,
  -- When it opened; NULL until the code was given.
  opened INTEGER,
  until INTEGER,
  ended INTEGER,
  detail BLOB NOT NULL
);
CREATE INDEX edit_session_patient ON edit_session (patient, session_id);
CREATE INDEX edit_session_account ON edit_session (account, session_id);
INSERT INTO counter (name, value) VALUES ('edit', 0), ('edit_session', 0);
