-- Who put a program without people on the list: another administrator confirms it. NULL for what was there before, for apps of
-- people, and where nobody but the operator did it. oauth_client.state is 2 as long as it waits.
ALTER TABLE oauth_client ADD COLUMN registrant INTEGER;
