-- When what waited for somebody was over: how long it is kept counts from then. NULL while it waits, and for what was over
-- before this was noted: that counts from when it began.
ALTER TABLE access_request ADD COLUMN answered INTEGER;
ALTER TABLE edit ADD COLUMN ended INTEGER;
ALTER TABLE access_case ADD COLUMN closed INTEGER;
ALTER TABLE notice ADD COLUMN read_at INTEGER;
