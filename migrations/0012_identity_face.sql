-- The face check: one row for each device somebody enrolled. device is a keyed hash of the device's public key.
CREATE TABLE face (
  face INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  device INTEGER NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER,
  -- The device's name, its public key and a salt, sealed with the key of the account's owner.
  detail BLOB NOT NULL,
  -- Three turned descriptions of the face, sealed with a key that needs a secret of the device, then as above.
  template BLOB NOT NULL
);
CREATE INDEX face_account ON face (account, device);
-- Face checks in a row that an enrolled device failed, per account.
CREATE TABLE face_failure (account INTEGER PRIMARY KEY, count INTEGER NOT NULL);
-- What was asked of somebody who is about to show their face, by the hash of its name; used once.
CREATE TABLE face_challenge (
  challenge BLOB PRIMARY KEY,
  made INTEGER NOT NULL,
  -- The prompts and the moments of the frames, as JSON. It says nothing of a person.
  plan TEXT NOT NULL
);
CREATE INDEX face_challenge_made ON face_challenge (made);
-- What administrators set while the server runs; a setting that is not here has its default.
CREATE TABLE identity_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO counter (name, value) VALUES ('face', 0);
