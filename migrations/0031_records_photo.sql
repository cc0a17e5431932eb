-- The picture of a patient, beside their Patient entry, which says that there is one. Sealed with the patient's key.
CREATE TABLE photo (
  -- The number of the Patient.
  patient INTEGER PRIMARY KEY,
  updated INTEGER NOT NULL,
  body BLOB NOT NULL
);
