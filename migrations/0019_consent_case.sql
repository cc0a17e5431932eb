-- Questions of patients about an entry of their ledger: why somebody read their record. What was asked and answered, and
-- the entry itself, are sealed with the patient's key.
CREATE TABLE access_case (
  case_id INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- The entry of the ledger.
  seq INTEGER NOT NULL,
  -- The account that read; NULL when the entry names none.
  reader INTEGER,
  opened INTEGER NOT NULL,
  -- By when it is to be answered; begins anew when the patient is not satisfied.
  due INTEGER NOT NULL,
  -- 0 waits for an answer, 1 answered, 2 the patient is not satisfied: an administrator answers, 3 closed.
  state INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX access_case_patient ON access_case (patient, case_id);
CREATE INDEX access_case_reader ON access_case (reader, case_id);
CREATE INDEX access_case_state ON access_case (state, case_id);
INSERT INTO counter (name, value) VALUES ('case', 0);
