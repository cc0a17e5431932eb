-- How a session was opened and what it is good for: limited is 1 after an e-mail code alone, fresh is the last full proof
-- of who it is, method is how it was opened (0 password, 1 passkey, 2 e-mail code, 3 recovery code, 4 face check, 5 token),
-- passkey is the number of the one it was opened with, place is the sealed address it was opened from.
ALTER TABLE session ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN fresh INTEGER;
ALTER TABLE session ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN passkey INTEGER;
ALTER TABLE session ADD COLUMN place BLOB;
-- Passkeys. credential is a keyed hash of the id by which browsers name it; detail (name, public key, user handle) is
-- sealed like the account's profile. One that was made by recovery does nothing before ready.
CREATE TABLE passkey (
  passkey INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  credential BLOB NOT NULL,
  detail BLOB NOT NULL,
  signatures INTEGER NOT NULL,
  created INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  used INTEGER
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_account ON passkey (account);
INSERT INTO counter (name, value) VALUES ('passkey', 0);
-- Ceremonies that were finished: each is good once. A row may go when the ceremony would have ended anyway.
CREATE TABLE ceremony (ceremony BLOB PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
-- Codes sent by e-mail: request and code are hashes, address is the keyed hash of who was asked for, account is NULL where
-- nobody has that address, code is NULL once it was used, replaced or guessed at too often. Rows stay a day: they count.
CREATE TABLE mail_code (
  request BLOB PRIMARY KEY,
  address INTEGER NOT NULL,
  account INTEGER,
  code BLOB,
  tries INTEGER NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mail_code_address ON mail_code (address, created);
-- Recovery codes that are left, as keyed hashes.
CREATE TABLE recovery_code (account INTEGER NOT NULL, code BLOB NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (account, code)) WITHOUT ROWID;
-- A password set by recovery, sealed, that replaces the old one when its time has come.
CREATE TABLE waiting_password (account INTEGER PRIMARY KEY, secret BLOB NOT NULL, ready INTEGER NOT NULL);
-- Wrong passwords in a row, from wherever.
CREATE TABLE password_miss (account INTEGER PRIMARY KEY, count INTEGER NOT NULL);
