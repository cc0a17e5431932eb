-- Whose record a notice to somebody else is about: it is sealed with that patient's key, so that it ends with the record.
ALTER TABLE notice ADD COLUMN about INTEGER;
CREATE INDEX notice_about ON notice (about);
