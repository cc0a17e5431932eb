-- Somebody without an account here was asked by e-mail to look after a record. typed is a keyed hash of the address, so that few
-- letters go to one; letter a keyed digest of the secret in the link of the newest, until somebody takes it up.
ALTER TABLE delegation ADD COLUMN typed INTEGER;
ALTER TABLE delegation ADD COLUMN letter BLOB;
-- How often they were asked this.
ALTER TABLE delegation ADD COLUMN asked INTEGER NOT NULL DEFAULT 1;
CREATE INDEX delegation_typed ON delegation (typed, created);
CREATE INDEX delegation_letter ON delegation (letter);
-- How often an invitation was sent since that moment: letters to one address are few.
ALTER TABLE invitation ADD COLUMN sent INTEGER NOT NULL DEFAULT 1;
ALTER TABLE invitation ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
