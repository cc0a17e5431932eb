-- In which time zone somebody lives (a name of the IANA database), and between which minutes of their day no letter leaves
-- that can wait. `daily_at` is a minute of the day there.
ALTER TABLE wish ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE wish ADD COLUMN quiet_from INTEGER;
ALTER TABLE wish ADD COLUMN quiet_to INTEGER;
