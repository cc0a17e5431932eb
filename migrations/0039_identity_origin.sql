-- Who put a program without people on the list: another administrator confirms it. NULL for what was there before, for apps of
-- people, and where nobody but the operator did it. oauth_client.state is 2 as long as it waits.
ALTER TABLE oauth_client ADD COLUMN registrant INTEGER;
-- From which place a code was asked for, as a keyed hash that differs from address to address.
ALTER TABLE mail_code ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
