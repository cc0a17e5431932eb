-- A Provenance (111) tells of other entries and is no entry of its own: it stands beside the record (h = 1) in the range of all that a
-- patient has, where timelines and counts do not look and downloads do. What its row in resource says of its index rows stays: whoever
-- deletes them looks in both places.
UPDATE pt SET h = 1 WHERE p = 0 AND h = 0
  AND (patient, lo, rid) IN (SELECT r.patient, r.time, r.rid FROM resource r WHERE r.kind = 111);
