"""Lets itself in with SMART's `fhirclient`: the first run says where to send the person, the second takes what came back.

Between the two it keeps only what the library itself says must be kept.
"""

import json
import os

from fhirclient import client
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient

callback = os.environ.get("SMART_CALLBACK")
if callback is None:
    smart = client.FHIRClient(
        settings={
            "app_id": os.environ["SMART_CLIENT"],
            "api_base": os.environ["FHIR_BASE"],
            "redirect_uri": os.environ["SMART_REDIRECT"],
            "scope": os.environ["SMART_SCOPE"],
        }
    )
    smart.prepare()
    print(json.dumps({"authorize": smart.authorize_url, "state": smart.state}))
else:
    smart = client.FHIRClient(state=json.loads(os.environ["SMART_STATE"]))
    smart.handle_callback(callback)
    patient = Patient.read(smart.patient_id, smart.server)
    search = Observation.where(struct={"patient": smart.patient_id, "_count": "50"})
    found = [entry.resource.id for page in search.perform_iter(smart.server) for entry in page.entry or []]
    print(json.dumps({"patient": smart.patient_id, "family": patient.name[0].family, "ids": found}))
