-- The guardianship or delegation under which a code was made; NULL when the patient made it: what somebody else made is worth
-- nothing once they do not look after the record any more.
ALTER TABLE edit ADD COLUMN code_by INTEGER;
ALTER TABLE edit_session ADD COLUMN code_by INTEGER;
