-- Clinicians who registered or were invited: what they said of themselves, and which administrators found it good. An account
-- without a row was made by the operator, who needs no second pair of eyes.
CREATE TABLE verification (
  account INTEGER PRIMARY KEY,
  -- 0 draft, 1 waits for a check, 2 found good by one administrator, 3 sent back, 4 verified.
  state INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  -- Sealed with the system's key, and bound to `version`, which grows with every change.
  version INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX verification_state ON verification (state, changed);
-- The papers that prove a registration. Name and content are sealed with the system's key.
CREATE TABLE credential (
  credential_id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  added INTEGER NOT NULL,
  -- The size of the content before it was sealed.
  bytes INTEGER NOT NULL,
  detail BLOB NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX credential_account ON credential (account, credential_id);
-- An account that waits for its owner, known by the hash of the secret in the link they were sent. Used once.
CREATE TABLE invitation (token BLOB PRIMARY KEY, account INTEGER NOT NULL, expires INTEGER NOT NULL);
CREATE INDEX invitation_account ON invitation (account);
INSERT INTO counter (name, value) VALUES ('credential', 0);
