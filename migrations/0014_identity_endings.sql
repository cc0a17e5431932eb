-- An app that put itself on the list: such ones have a limit of their own, and go when nobody lets them in.
ALTER TABLE oauth_client ADD COLUMN itself INTEGER NOT NULL DEFAULT 0;
-- The face check by which a session was opened: deleting that device ends the session.
ALTER TABLE session ADD COLUMN face INTEGER;
-- 1 when the account's owner showed that the e-mail address is theirs: by a code sent to it together with another way
-- in, or by a recovery that was completed.
ALTER TABLE account ADD COLUMN proved INTEGER NOT NULL DEFAULT 0;
