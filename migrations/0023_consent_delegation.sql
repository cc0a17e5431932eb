-- Who looks after whose record: guardians of children, and whom patients chose. What is said of people is sealed with the
-- key of the patient.
CREATE TABLE delegation (
  delegation_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- Who looks after the record; 0 when what was typed names nobody: nothing tells them so.
  account INTEGER NOT NULL,
  -- Who began it.
  author INTEGER NOT NULL,
  -- 1 guardianship, 0 delegation.
  guardian INTEGER NOT NULL,
  -- 1 acts as the patient would, 0 only looks.
  acts INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  -- 1 when those are all kinds and all areas: then whoever acts is also told what the patient is told.
  whole INTEGER NOT NULL,
  -- A guardianship's end is the day on which the child comes of age.
  until INTEGER NOT NULL,
  -- 0 waits for an answer, 1 stands, 2 ended or declined.
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  ended INTEGER,
  -- What the patient is called, for notices to whoever looks after them.
  whose BLOB NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX delegation_patient ON delegation (patient, delegation_id);
CREATE INDEX delegation_account ON delegation (account, delegation_id);
INSERT INTO counter (name, value) VALUES ('delegation', 0);
