INSERT INTO counter (name, value) VALUES ('oauth_key', 0), ('oauth_client', 0), ('oauth_grant', 0);
-- What access tokens and identity tokens are signed with: PKCS #8, sealed with the system's key. The newest signs.
CREATE TABLE oauth_key (key_id INTEGER PRIMARY KEY, created INTEGER NOT NULL, sealed BLOB NOT NULL);
-- An app that was registered. ident is the client_id, which says nothing of anybody; what the app says of itself is
-- sealed with the system's key.
CREATE TABLE oauth_client (
  client INTEGER PRIMARY KEY,
  ident TEXT NOT NULL,
  -- 0 active, 1 revoked.
  state INTEGER NOT NULL,
  -- The service account as which a program acts that works with nobody present.
  account INTEGER,
  created INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE UNIQUE INDEX oauth_client_ident ON oauth_client (ident);
-- What an app asks for, from its request until somebody answered; id is the SHA-256 of the handle in the address.
CREATE TABLE oauth_request (
  id BLOB PRIMARY KEY,
  client INTEGER NOT NULL,
  -- 1 when the app pushed it and the person did not come yet.
  pushed INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  detail BLOB NOT NULL
);
-- What somebody allowed an app. detail (scopes, names) is sealed with the key that seals their account.
CREATE TABLE oauth_grant (
  grant_id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  account INTEGER NOT NULL,
  -- The session in which it was allowed, when it ends with that session.
  session INTEGER,
  -- The number of the Patient the app was opened for.
  patient INTEGER,
  created INTEGER NOT NULL,
  until INTEGER NOT NULL,
  revoked INTEGER,
  seen INTEGER,
  detail BLOB NOT NULL
);
CREATE INDEX oauth_grant_account ON oauth_grant (account, grant_id);
CREATE INDEX oauth_grant_client ON oauth_grant (client, grant_id);
CREATE INDEX oauth_grant_patient ON oauth_grant (patient);
-- Codes and refresh tokens by their SHA-256. Used ones stay until they expire: one that comes back ends the grant.
CREATE TABLE oauth_code (
  code BLOB PRIMARY KEY, grant_id INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER, detail BLOB NOT NULL
);
CREATE TABLE oauth_refresh (
  token BLOB PRIMARY KEY, grant_id INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER,
  -- The thumbprint of the key that the token is bound to; empty when it is bound to none.
  jkt TEXT NOT NULL
);
CREATE INDEX oauth_refresh_grant ON oauth_refresh (grant_id);
-- Numbers of signed statements that were taken, until the statement itself expires.
CREATE TABLE oauth_seen (id BLOB PRIMARY KEY, expires INTEGER NOT NULL);
-- An app that a practitioner opens from a patient's record; detail is sealed with the system's key.
CREATE TABLE oauth_launch (
  id BLOB PRIMARY KEY, client INTEGER NOT NULL, account INTEGER NOT NULL, patient INTEGER NOT NULL, expires INTEGER NOT NULL,
  detail BLOB NOT NULL
);
