-- Who is on the way to a provider's sign-in: id is the SHA-256 of the state; detail is sealed with the system's key.
CREATE TABLE external_login (id BLOB PRIMARY KEY, expires INTEGER NOT NULL, detail BLOB NOT NULL);
CREATE INDEX external_login_expires ON external_login (expires);
-- Which account somebody of a provider's has here: person is the keyed hash of issuer and subject; detail (which provider,
-- what it calls them) is sealed like the account's profile.
CREATE TABLE external_link (
  link INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  person BLOB NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER,
  detail BLOB NOT NULL
);
CREATE UNIQUE INDEX external_link_person ON external_link (person);
CREATE INDEX external_link_account ON external_link (account);
INSERT INTO counter (name, value) VALUES ('external_link', 0);
