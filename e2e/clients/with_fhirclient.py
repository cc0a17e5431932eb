"""Reads a record with SMART's `fhirclient`, which parses every resource into a strict model of FHIR R4.

It says what it found as JSON; the journey compares that with what the server's own pages count.
"""

import json
import os

from fhirclient import client
from fhirclient.models.bundle import Bundle
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException

smart = client.FHIRClient(settings={"app_id": "healthsync-journey", "api_base": os.environ["FHIR_BASE"]})
# The library knows SMART's ways of getting a token; one that is there already travels with its session.
smart.server.session.headers["Authorization"] = f"Bearer {os.environ['FHIR_TOKEN']}"
smart.prepare()

patient_id = os.environ["FHIR_PATIENT"]
patient = Patient.read(patient_id, smart.server)
search = Observation.where(struct={"patient": patient_id, "_count": "50"})
pages: list[Bundle] = list(search.perform_iter(smart.server))
observations = [entry.resource for page in pages for entry in page.entry or []]

try:
    Patient.read("nobody-has-this-id", smart.server)
    unknown = "was answered"
except FHIRNotFoundException:
    unknown = "not found"

print(
    json.dumps(
        {
            "family": patient.name[0].family,
            "version": smart.server.capabilityStatement.fhirVersion,
            "pages": len(pages),
            "ids": [observation.id for observation in observations],
            "unknown": unknown,
        }
    )
)
