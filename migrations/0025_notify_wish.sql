-- Of what somebody wants to be told, and how: words of this program, nothing of anybody's health. An account without a row
-- is told as its role is by default. `daily_at` is the minute of the day (UTC) of the daily letter.
CREATE TABLE wish (
  account INTEGER PRIMARY KEY,
  daily_at INTEGER NOT NULL,
  ways TEXT NOT NULL
);
-- When the owner of a record was last told that this account reads it: once a day is enough, and the first time is news.
CREATE TABLE reader (
  patient INTEGER NOT NULL,
  account INTEGER NOT NULL,
  told INTEGER NOT NULL,
  PRIMARY KEY (patient, account)
) WITHOUT ROWID;
CREATE INDEX reader_account ON reader (account);
-- 1: waits for the daily letter.
ALTER TABLE notice ADD COLUMN daily INTEGER NOT NULL DEFAULT 0;
