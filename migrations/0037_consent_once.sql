-- Under which key of the sender's choice a draft came, and what it said then, each as a keyed hash: sent again because the
-- answer was lost, it is the draft that was made.
ALTER TABLE edit ADD COLUMN request BLOB;
ALTER TABLE edit ADD COLUMN said BLOB;
CREATE INDEX edit_request ON edit (request);
