-- Numbers handed out inside a transaction, the same way on both engines.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES
  ('rid', 0), ('account', 0), ('session', 0), ('grant', 0), ('request', 0), ('notice', 0), ('job', 0),
  -- Raised by whatever narrows access: a revoked grant or session, a locked account. Caches compare it on each snapshot.
  ('epoch', 1);
