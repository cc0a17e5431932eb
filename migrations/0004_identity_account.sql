-- Who can sign in. login and email are keyed hashes of one space, so that no user name is another's e-mail address.
-- profile and secret are sealed: with the key of the patient whose account it is, else with the system's. role, patient
-- and practitioner are repeated in the profile, which is what counts: here they are only for finding the row.
CREATE TABLE account (
  account INTEGER PRIMARY KEY,
  role TEXT NOT NULL,
  -- 0 active, 1 locked.
  state INTEGER NOT NULL,
  login INTEGER NOT NULL,
  email INTEGER,
  patient INTEGER,
  practitioner INTEGER,
  profile BLOB NOT NULL,
  -- The password's Argon2id hash; NULL for service accounts.
  secret BLOB,
  created INTEGER NOT NULL,
  seen INTEGER
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_email ON account (email);
CREATE INDEX account_patient ON account (patient);
CREATE INDEX account_practitioner ON account (practitioner);
-- Where somebody works: organization is the number of the Organization resource.
CREATE TABLE membership (account INTEGER NOT NULL, organization INTEGER NOT NULL, PRIMARY KEY (account, organization)) WITHOUT ROWID;
CREATE INDEX membership_organization ON membership (organization);
-- A browser session or a program's token, known by the hash of its secret.
CREATE TABLE session (
  token BLOB PRIMARY KEY,
  id INTEGER NOT NULL,
  account INTEGER NOT NULL,
  -- 0 cookie, 1 token, 2 service token.
  kind INTEGER NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  device BLOB NOT NULL
);
CREATE INDEX session_account ON session (account, id);
