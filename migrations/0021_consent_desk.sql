-- Two people at one desk: one shows a code, the other uses it, the patient gives access. Rows are swept after a day.
CREATE TABLE desk (
  desk_id INTEGER PRIMARY KEY,
  -- Keyed hash of the code; NULL once it was used.
  h INTEGER,
  -- Who shows the code, and who used it.
  account INTEGER NOT NULL,
  other INTEGER,
  -- The record and the practitioner, each known when its owner is there.
  patient INTEGER,
  practitioner INTEGER,
  -- 0 shown, 1 met, 2 given, 3 ended.
  state INTEGER NOT NULL,
  until INTEGER NOT NULL,
  grant_id INTEGER,
  -- Where the practitioner works, sealed with the system's key.
  detail BLOB NOT NULL
);
CREATE UNIQUE INDEX desk_h ON desk (h);
CREATE INDEX desk_account ON desk (account);
CREATE INDEX desk_patient ON desk (patient);
-- Codes that were none: guessing is slow.
CREATE TABLE desk_try (account INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX desk_try_account ON desk_try (account, at);
INSERT INTO counter (name, value) VALUES ('desk', 0);
