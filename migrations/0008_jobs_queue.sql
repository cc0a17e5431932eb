-- Work to be done after a commit, at its time, at least once. The payload holds row numbers, never a health value.
CREATE TABLE job (
  job_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  -- While somebody works on it, the time at which they are given up; far in the future once it failed for good.
  due INTEGER NOT NULL,
  -- How often it was begun. Only who began it last may end it.
  tries INTEGER NOT NULL,
  payload BLOB NOT NULL,
  -- When it was given up.
  failed INTEGER
);
CREATE INDEX job_due ON job (due, job_id);
CREATE INDEX job_kind ON job (kind, job_id);
