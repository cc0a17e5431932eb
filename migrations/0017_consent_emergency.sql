-- Records that were opened in an emergency: each is also a grant whose purpose is `emergency`, and this says what is
-- particular to it. The detail (what the reviewer wrote) is sealed with the patient's key.
CREATE TABLE emergency (
  grant_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- Who declared it.
  account INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  -- When the whole record was opened; NULL while it is the summary.
  whole INTEGER,
  -- 0 waits for review, 1 justified, 2 not justified.
  state INTEGER NOT NULL,
  reviewed INTEGER,
  detail BLOB NOT NULL
);
CREATE INDEX emergency_state ON emergency (state, grant_id);
CREATE INDEX emergency_patient ON emergency (patient);
