-- A case may also be about an entry of the record that the patient says is wrong.
-- 0 a question about an access, 1 a correction.
ALTER TABLE access_case ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
-- The entry, by the number of its resource.
ALTER TABLE access_case ADD COLUMN rid INTEGER;
-- The organization that wrote it: its people answer too.
ALTER TABLE access_case ADD COLUMN organization INTEGER;
CREATE INDEX access_case_rid ON access_case (rid);
CREATE INDEX access_case_organization ON access_case (organization, case_id);
