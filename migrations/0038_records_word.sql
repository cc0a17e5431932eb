-- Names are found by each of their words: those that are here already are looked through once, by a job that has the keys.
UPDATE counter SET value = value + 1 WHERE name = 'job' AND EXISTS (SELECT 1 FROM resource);
INSERT INTO job (job_id, kind, due, tries, payload)
  SELECT value, 'names-by-word', 0, 0, CAST('' AS BLOB) FROM counter
  WHERE name = 'job' AND EXISTS (SELECT 1 FROM resource);
