-- Health links. What one lets its holder see stands in `reach`, like a grant; here is the rest of it. Label, key, the
-- secret of its address and its passcode are sealed with the patient's key.
CREATE TABLE health_link (
  link INTEGER PRIMARY KEY,
  patient INTEGER NOT NULL,
  -- Keyed hash of the secret in its address: how it is found.
  h INTEGER NOT NULL,
  created INTEGER NOT NULL,
  until INTEGER NOT NULL,
  -- When the patient ended it.
  ended INTEGER,
  -- Wrong passcodes in its whole life.
  wrong INTEGER NOT NULL,
  openings INTEGER NOT NULL,
  detail BLOB NOT NULL
);
CREATE UNIQUE INDEX health_link_h ON health_link (h);
CREATE INDEX health_link_patient ON health_link (patient, link);
-- The latest tries to open each: who said they were, and what came of it, sealed with the patient's key.
CREATE TABLE health_link_try (
  link INTEGER NOT NULL,
  number INTEGER NOT NULL,
  time INTEGER NOT NULL,
  detail BLOB NOT NULL,
  PRIMARY KEY (link, number)
) WITHOUT ROWID;
-- What a patient chose for the emergency card, sealed with their key.
CREATE TABLE emergency_card (
  patient INTEGER PRIMARY KEY,
  updated INTEGER NOT NULL,
  detail BLOB NOT NULL
);
INSERT INTO counter (name, value) VALUES ('health-link', 0), ('health-link-try', 0);
