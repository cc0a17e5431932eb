-- Notices to an account; the text is sealed with the key of the patient whose account it is, else with the system's.
CREATE TABLE notice (
  notice_id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  read INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX notice_account ON notice (account, notice_id);
