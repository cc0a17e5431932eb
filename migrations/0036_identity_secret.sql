-- A proof of who it is gives a session another secret. The one before, by its hash, opens for a moment longer what was under way,
-- and no more than it opened before: limited says whether that was the account alone.
ALTER TABLE session ADD COLUMN previous BLOB;
ALTER TABLE session ADD COLUMN previous_until INTEGER;
ALTER TABLE session ADD COLUMN previous_limited INTEGER;
CREATE INDEX session_previous ON session (previous);
-- Until when a password opens the account that an administrator chose and its owner did not replace yet; NULL for every other.
ALTER TABLE account ADD COLUMN first_until INTEGER;
-- How often a permission was narrowed since it was given: a request that was let in on other terms reads nothing any more.
ALTER TABLE oauth_grant ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
