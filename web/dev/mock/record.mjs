// One believable record: twelve years of visits, measurements, medicines and letters, as FHIR R4 resources.
import { between, chance, DAY, day, iso, NOW, nextId, pick } from "./chance.mjs";

const CLINICS = [
  ["org-riverside", "Riverside Family Practice"],
  ["org-harbor", "Harbor General Hospital"],
  ["org-elm", "Elm Street Laboratory"],
];
const DOCTORS = [
  ["prac-okafor", "Dr. Ngozi Okafor"],
  ["prac-lind", "Dr. Henrik Lind"],
  ["prac-sato", "Dr. Yumi Sato"],
];
const LABS = [
  ["4548-4", "Hemoglobin A1c", "%", 5.4, 6.9, { high: 5.6 }],
  ["2339-0", "Glucose", "mg/dL", 88, 138, { low: 70, high: 100 }],
  ["2093-3", "Total cholesterol", "mg/dL", 160, 236, { high: 200 }],
  ["13457-7", "LDL cholesterol", "mg/dL", 90, 158, { high: 130 }],
  ["2085-9", "HDL cholesterol", "mg/dL", 42, 66, { low: 40 }],
  ["2571-8", "Triglycerides", "mg/dL", 80, 190, { high: 150 }],
  ["38483-4", "Creatinine", "mg/dL", 0.6, 1.1, { low: 0.5, high: 1.1 }],
  ["718-7", "Hemoglobin", "g/dL", 11.6, 14.6, { low: 12, high: 16 }],
];
const REASONS = [
  "Annual check-up",
  "Follow-up of blood pressure",
  "Cough for two weeks",
  "Knee pain",
  "Diabetes review",
  "Vaccination",
];
const MEDICINES = [
  "Metformin 500 mg tablet",
  "Lisinopril 10 mg tablet",
  "Atorvastatin 20 mg tablet",
  "Amoxicillin 500 mg capsule",
  "Ibuprofen 400 mg tablet",
];
const CONDITIONS = [
  "Type 2 diabetes mellitus",
  "Essential hypertension",
  "Acute bronchitis",
  "Osteoarthritis of knee",
  "Hyperlipidemia",
];
const VACCINES = ["Influenza, seasonal", "Tetanus and diphtheria", "COVID-19, mRNA", "Pneumococcal conjugate"];

const coded = (text, code, system = "http://snomed.info/sct") => ({ text, coding: [{ system, code, display: text }] });
const ref = (type, id, display) => ({ reference: `${type}/${id}`, display });

export function makeRecord(patientId, years = 12) {
  const resources = [];
  const add = (category, title, date, resource, extra = {}) => {
    const id = resource.id ?? nextId(resource.resourceType.slice(0, 3).toLowerCase());
    const full = {
      ...resource,
      id,
      meta: { versionId: "1", lastUpdated: iso(Math.min(NOW, new Date(date).getTime() + 3_600_000)) },
    };
    resources.push({ resource: full, entry: { type: full.resourceType, id, category, title, date, ...extra } });
    return id;
  };
  const subject = { reference: `Patient/${patientId}` };
  let at = NOW - years * 365 * DAY;
  let progress = 0;
  while (at < NOW - 3 * DAY) {
    progress = (at - (NOW - years * 365 * DAY)) / (years * 365 * DAY);
    visit(add, subject, at, progress);
    at += between(35, 120) * DAY;
  }
  visit(add, subject, NOW - 2 * DAY, 1);
  add(
    "allergy",
    "Penicillin",
    day(NOW - 4000 * DAY),
    {
      resourceType: "AllergyIntolerance",
      patient: subject,
      code: coded("Penicillin", "764146007"),
      criticality: "high",
      type: "allergy",
      category: ["medication"],
      clinicalStatus: coded("Active", "active"),
      recordedDate: day(NOW - 4000 * DAY),
      reaction: [{ manifestation: [coded("Hives", "247472004")], severity: "moderate" }],
    },
    { detail: "Hives", active: true },
  );
  add(
    "plan",
    "Diabetes self management plan",
    day(NOW - 700 * DAY),
    {
      resourceType: "CarePlan",
      subject,
      status: "active",
      intent: "plan",
      title: "Diabetes self management plan",
      period: { start: day(NOW - 700 * DAY) },
      activity: [
        { detail: { status: "in-progress", description: "Walk 30 minutes a day" } },
        { detail: { status: "in-progress", description: "Measure fasting glucose every morning" } },
      ],
    },
    { active: true },
  );
  return resources;
}

function visit(add, subject, at, progress) {
  const [orgId, orgName] = pick(CLINICS);
  const [docId, docName] = pick(DOCTORS);
  const reason = pick(REASONS);
  const end = at + between(20, 70) * 60_000;
  const kind = chance() < 0.08 ? ["EMER", "emergency"] : chance() < 0.1 ? ["VR", "virtual"] : ["AMB", "ambulatory"];
  const encounter = nextId("enc");
  const context = { subject, encounter: ref("Encounter", encounter, reason) };
  const visitInfo = {
    id: encounter,
    title: reason,
    class: kind[1],
    start: iso(at),
    end: iso(end),
    organization: orgName,
    practitioner: docName,
    reason: null,
  };
  const put = (category, title, resource, extra = {}) =>
    add(category, title, iso(at), resource, { visit: visitInfo, ...extra });

  put(
    "visit",
    reason,
    {
      resourceType: "Encounter",
      id: encounter,
      status: "finished",
      class: { code: kind[0] },
      type: [coded(reason, "185349003")],
      subject,
      period: { start: iso(at), end: iso(end) },
      serviceProvider: ref("Organization", orgId, orgName),
      participant: [{ individual: ref("Practitioner", docId, docName) }],
    },
    { detail: orgName },
  );

  const upper = Math.round(between(118, 132) + progress * 12);
  const lower = Math.round(between(74, 84) + progress * 6);
  put(
    "vital",
    "Blood pressure",
    {
      resourceType: "Observation",
      status: "final",
      ...context,
      code: coded("Blood pressure", "85354-9", "http://loinc.org"),
      effectiveDateTime: iso(at),
      component: [
        [upper, "8480-6", "Systolic blood pressure"],
        [lower, "8462-4", "Diastolic blood pressure"],
      ].map(([value, code, text]) => ({
        code: coded(text, code, "http://loinc.org"),
        valueQuantity: { value, unit: "mmHg", code: "mm[Hg]" },
      })),
      performer: [ref("Practitioner", docId, docName)],
    },
    {
      value: { text: `${upper}/${lower} mmHg`, ...(upper > 139 ? { flag: "high" } : {}) },
      numbers: { "8480-6": upper, "8462-4": lower },
    },
  );
  vital(put, context, at, "8867-4", "Heart rate", "/min", Math.round(between(62, 84)));
  vital(put, context, at, "29463-7", "Body weight", "kg", +(between(71, 73) + progress * 6).toFixed(1));
  if (chance() < 0.5) vital(put, context, at, "2708-6", "Oxygen saturation", "%", Math.round(between(95, 99)));
  if (chance() < 0.6 || progress === 1) report(put, context, at, progress, [orgId, orgName]);
  if (chance() < 0.3) condition(put, context, at);
  if (chance() < 0.4) medicine(put, context, at, [docId, docName]);
  if (chance() < 0.25) vaccine(put, subject, at, encounter);
  if (chance() < 0.5 || progress === 1) letter(put, context, at, reason, docName);
  if (chance() < 0.12) {
    put(
      "procedure",
      "Electrocardiogram",
      {
        resourceType: "Procedure",
        status: "completed",
        ...context,
        code: coded("Electrocardiogram", "29303009"),
        performedDateTime: iso(at),
        outcome: coded("Normal sinus rhythm", "64730000"),
      },
      { detail: "Normal sinus rhythm" },
    );
  }
}

function vital(put, context, at, code, text, unit, value) {
  put(
    "vital",
    text,
    {
      resourceType: "Observation",
      status: "final",
      ...context,
      code: coded(text, code, "http://loinc.org"),
      effectiveDateTime: iso(at),
      valueQuantity: { value, unit, code: unit },
    },
    { value: { text: `${value} ${unit}`, number: value, unit }, numbers: { [code]: value } },
  );
}

function report(put, context, at, progress, [orgId, orgName]) {
  const ids = LABS.filter(() => chance() < 0.85).map(([code, text, unit, from, to, usual]) => {
    const value = +(from + (to - from) * (progress * 0.6 + chance() * 0.4)).toFixed(to < 10 ? 1 : 0);
    const flag = usual.high && value > usual.high ? "high" : usual.low && value < usual.low ? "low" : undefined;
    const id = nextId("obs");
    put(
      "result",
      text,
      {
        resourceType: "Observation",
        id,
        status: "final",
        ...context,
        code: coded(text, code, "http://loinc.org"),
        effectiveDateTime: iso(at),
        valueQuantity: { value, unit, code: unit },
        ...(flag
          ? {
              interpretation: [
                { coding: [{ code: flag === "high" ? "H" : "L", display: flag === "high" ? "High" : "Low" }] },
              ],
            }
          : {}),
        referenceRange: [
          {
            ...(usual.low ? { low: { value: usual.low, unit } } : {}),
            ...(usual.high ? { high: { value: usual.high, unit } } : {}),
          },
        ],
      },
      { value: { text: `${value} ${unit}`, number: value, unit, flag }, numbers: { [code]: value }, usual },
    );
    return ref("Observation", id, text);
  });
  put(
    "result",
    "Metabolic and lipid panel",
    {
      resourceType: "DiagnosticReport",
      status: "final",
      ...context,
      code: coded("Metabolic and lipid panel", "24323-8", "http://loinc.org"),
      category: [coded("Laboratory", "LAB")],
      effectiveDateTime: iso(at),
      performer: [ref("Organization", orgId, orgName)],
      result: ids,
    },
    { detail: `${ids.length} results` },
  );
}

function condition(put, context, at) {
  const text = pick(CONDITIONS);
  const active = chance() < 0.6;
  put(
    "condition",
    text,
    {
      resourceType: "Condition",
      ...context,
      code: coded(`${text} (disorder)`, "44054006"),
      clinicalStatus: coded(active ? "Active" : "Resolved", active ? "active" : "resolved"),
      verificationStatus: coded("Confirmed", "confirmed"),
      onsetDateTime: iso(at),
      recordedDate: iso(at),
      ...(active ? {} : { abatementDateTime: iso(at + 30 * DAY) }),
    },
    { active, status: active ? "active" : "resolved" },
  );
}

function medicine(put, context, at, [docId, docName]) {
  const text = pick(MEDICINES);
  const active = chance() < 0.5;
  put(
    "medicine",
    text,
    {
      resourceType: "MedicationRequest",
      status: active ? "active" : "stopped",
      intent: "order",
      ...context,
      medicationCodeableConcept: coded(text, "860975", "http://www.nlm.nih.gov/research/umls/rxnorm"),
      authoredOn: iso(at),
      requester: ref("Practitioner", docId, docName),
      dosageInstruction: [
        {
          timing: { repeat: { frequency: 2, period: 1, periodUnit: "d" } },
          doseAndRate: [{ doseQuantity: { value: 1, unit: "tablet" } }],
        },
      ],
    },
    { active, status: active ? "active" : "stopped", detail: "1 tablet, 2\u00d7 a day" },
  );
}

function vaccine(put, subject, at, encounter) {
  const text = pick(VACCINES);
  put("immunization", text, {
    resourceType: "Immunization",
    status: "completed",
    patient: subject,
    encounter: ref("Encounter", encounter, "Visit"),
    vaccineCode: coded(text, "140", "http://hl7.org/fhir/sid/cvx"),
    occurrenceDateTime: iso(at),
    lotNumber: "AB1234",
    site: coded("Left upper arm", "368208006"),
  });
}

function letter(put, context, at, reason, docName) {
  const text = `${day(at)}\n\n# Reason for visit\n${reason}.\n\n# Findings\nThe patient feels well and reports no chest pain. Blood pressure measured after five minutes of rest. Lungs clear on both sides, heart sounds regular.\n\n# Plan\nContinue the current medicines. Walk thirty minutes a day. Come back in three months, earlier if anything changes.\n\n${docName}\n`;
  put(
    "document",
    "Visit note",
    {
      resourceType: "DocumentReference",
      status: "current",
      ...context,
      type: coded("Visit note", "34108-1", "http://loinc.org"),
      date: iso(at),
      author: [{ display: docName }],
      content: [
        { attachment: { contentType: "text/plain; charset=utf-8", data: Buffer.from(text).toString("base64") } },
      ],
    },
    { detail: docName },
  );
}
