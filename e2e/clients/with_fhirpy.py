"""Reads a record with `fhirpy`, which is what data scientists reach for: plain dictionaries, lazy searches.

It says what it found as JSON; the journey compares that with what the server's own pages count.
"""

import json
import os

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound

client = SyncFHIRClient(os.environ["FHIR_BASE"], authorization=f"Bearer {os.environ['FHIR_TOKEN']}")

patient_id = os.environ["FHIR_PATIENT"]
patient = client.reference("Patient", patient_id).to_resource()
search = client.resources("Observation").search(patient=patient_id).limit(50)
observations = search.fetch_all()
newest = client.resources("Observation").search(patient=patient_id).sort("-date").first()

try:
    client.reference("Patient", "nobody-has-this-id").to_resource()
    unknown = "was answered"
except ResourceNotFound:
    unknown = "not found"

print(
    json.dumps(
        {
            "family": patient["name"][0]["family"],
            "ids": [observation["id"] for observation in observations],
            "newest": newest.get("effectiveDateTime") or newest.get("issued"),
            "unknown": unknown,
        }
    )
)
