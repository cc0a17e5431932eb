-- The current version of every FHIR resource. Nothing here names anybody: id is a keyed hash, body is sealed.
CREATE TABLE resource (
  rid INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  idh INTEGER NOT NULL,
  -- Whose record it belongs to (the number of the Patient resource); 0 when it belongs to no patient.
  patient INTEGER NOT NULL,
  -- The organization that contributed it; 0 when none did.
  org INTEGER NOT NULL,
  -- The account that wrote this version; 0 for the operator.
  author INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  -- The clinical date, and what kind of data it is (category bits and sensitivity labels): what grants are compared with.
  time INTEGER NOT NULL,
  marks INTEGER NOT NULL,
  -- 1 when deleted.
  state INTEGER NOT NULL,
  -- Its own rows in the index tables, so that an update deletes exactly those.
  keys BLOB NOT NULL,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX resource_id ON resource (kind, idh);
CREATE INDEX resource_org ON resource (org, kind, rid);
-- Superseded versions only: a create writes nothing here.
CREATE TABLE version (
  rid INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  author INTEGER NOT NULL,
  state INTEGER NOT NULL,
  -- What this version was dated and marked: a correction of a label does not open what was kept back before.
  time INTEGER NOT NULL,
  marks INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (rid, version)
);
-- The blind index: p = interned (kind, parameter), h = 64-bit keyed hash.
CREATE TABLE tok (p INTEGER NOT NULL, h INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (p, h, rid)) WITHOUT ROWID;
CREATE TABLE dat (p INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (p, lo, hi, rid)) WITHOUT ROWID;
CREATE TABLE qty (p INTEGER NOT NULL, unit INTEGER NOT NULL, value REAL NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (p, unit, value, rid)) WITHOUT ROWID;
CREATE TABLE str (p INTEGER NOT NULL, h INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (p, h, rid)) WITHOUT ROWID;
-- Patient first: patient + code + date in one range.
CREATE TABLE pt (
  patient INTEGER NOT NULL, p INTEGER NOT NULL, h INTEGER NOT NULL, lo INTEGER NOT NULL, rid INTEGER NOT NULL, marks INTEGER NOT NULL,
  PRIMARY KEY (patient, p, h, lo, rid)
) WITHOUT ROWID;
-- Bundles that were taken in, by the keyed digest of their content: the same file again changes nothing.
CREATE TABLE import (digest BLOB PRIMARY KEY, time INTEGER NOT NULL, entries INTEGER NOT NULL) WITHOUT ROWID;
