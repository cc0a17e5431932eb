-- Who can sign in. login and email are keyed hashes; profile is sealed.
CREATE TABLE account (
  account INTEGER PRIMARY KEY,
  role TEXT NOT NULL,
  state INTEGER NOT NULL,
  login INTEGER NOT NULL,
  email INTEGER,
  patient INTEGER,
  practitioner INTEGER,
  organization INTEGER,
  profile BLOB NOT NULL,
  secret TEXT,
  created INTEGER NOT NULL,
  seen INTEGER
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_email ON account (email);
CREATE INDEX account_patient ON account (patient);
CREATE INDEX account_practitioner ON account (practitioner);
-- Where a practitioner works: organization is the number of the Organization resource.
CREATE TABLE membership (account INTEGER NOT NULL, organization INTEGER NOT NULL, PRIMARY KEY (account, organization)) WITHOUT ROWID;
CREATE INDEX membership_organization ON membership (organization);
-- A browser session or a program's token, known by the hash of its secret.
CREATE TABLE session (
  token BLOB PRIMARY KEY,
  id INTEGER NOT NULL,
  account INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  device BLOB NOT NULL
);
CREATE INDEX session_account ON session (account, id);
