-- Work to be done after a commit, at its time, at least once.
CREATE TABLE job (
  job_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  due INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX job_due ON job (due, job_id);
