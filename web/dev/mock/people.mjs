// The people of the mock, their consents, requests and notices.
import { DAY, day, iso, NOW } from "./chance.mjs";
import { write } from "./ledger.mjs";
import { makeRecord } from "./record.mjs";

const person = (id, name, birthDate, gender, more = {}) => ({
  id,
  name,
  birthDate,
  gender,
  age: Math.floor((NOW - new Date(birthDate).getTime()) / (365.25 * DAY)),
  ...more,
});
const bare = { address: "14 Mill Lane, Springfield", phone: "+1 555 0100", language: "English" };

export const patients = [
  person("pat-asha", "Asha Rivera", "1971-08-14", "female", bare),
  person("pat-tom", "Tom Becker", "1985-02-03", "male", bare),
  person("pat-lea", "Lea Fontaine", "2016-11-21", "female", bare),
  person("pat-omar", "Omar Haddad", "1948-05-30", "male", bare),
];
export const records = new Map(patients.map((each, i) => [each.id, makeRecord(each.id, [12, 6, 5, 20][i])]));
const riverside = { id: "org-riverside", name: "Riverside Family Practice" };

export const accounts = [
  { id: 1, username: "patient1", name: "Asha Rivera", role: "patient", patient: "pat-asha", organizations: [] },
  {
    id: 2,
    username: "doctor1",
    name: "Dr. Ngozi Okafor",
    role: "practitioner",
    practitioner: "prac-okafor",
    organizations: [riverside],
  },
  { id: 3, username: "admin1", name: "Sam Winter", role: "administrator", organizations: [] },
  { id: 5, username: "applicant", name: "Dr. Una Verified", role: "practitioner", organizations: [] },
  {
    id: 6,
    username: "limited",
    name: "Asha Rivera",
    role: "patient",
    patient: "pat-asha",
    organizations: [],
    mockLimited: true,
  },
  { id: 4, username: "newcomer", name: "Mia New", role: "patient", patient: "pat-new", organizations: [] },
];
patients.push(person("pat-new", "Mia New", "1999-01-01", "female"));
records.set("pat-new", []);

const grant = (id, patient, grantee, more) => ({
  id,
  patient: { id: patient.id, name: patient.name },
  grantee,
  categories: null,
  from: null,
  to: null,
  labels: [],
  sealed: [],
  purpose: "treatment",
  note: null,
  created: iso(NOW - 40 * DAY),
  until: iso(NOW + 20 * DAY),
  revoked: null,
  state: "active",
  lastRead: null,
  ...more,
});
const okafor = { type: "practitioner", id: "prac-okafor", name: "Dr. Ngozi Okafor" };
const sato = { type: "practitioner", id: "prac-sato", name: "Dr. Yumi Sato" };
const clinic = { type: "organization", ...riverside };
const [asha, tom, lea, omar] = patients;

export const grants = [
  grant(1, asha, okafor, { lastRead: iso(NOW - 3 * 3_600_000) }),
  grant(
    2,
    asha,
    { type: "organization", id: "org-elm", name: "Elm Street Laboratory" },
    { categories: ["result", "medicine"], until: null, labels: [], from: "2022-01-01", note: "Yearly blood tests" },
  ),
  grant(3, asha, sato, { state: "revoked", revoked: iso(NOW - 9 * DAY), labels: ["mental-health"] }),
  grant(
    4,
    asha,
    { type: "organization", id: "org-harbor", name: "Harbor General Hospital" },
    { state: "expired", until: iso(NOW - 30 * DAY) },
  ),
  grant(5, tom, okafor, { until: iso(NOW + 3 * DAY) }),
  grant(6, lea, clinic, { until: null }),
  grant(7, omar, clinic, { until: iso(NOW + 300 * DAY), categories: ["condition", "medicine", "vital", "result"] }),
];

export const requests = [
  {
    id: 11,
    patientId: "pat-asha",
    patient: "asha@example.org",
    from: { ...sato, detail: "Cardiology, Harbor General Hospital" },
    reason:
      "You are booked for a heart check on Friday. I would like to see your blood pressure, lab results and medicines before.",
    categories: ["vital", "result", "medicine"],
    days: 7,
    created: iso(NOW - 5 * 3_600_000),
    state: "open",
  },
  {
    id: 12,
    patientId: null,
    by: "prac-okafor",
    patient: "b.sorensen@example.org",
    from: { ...okafor, detail: "Riverside Family Practice" },
    reason: "Follow-up after your visit in March.",
    categories: null,
    days: 30,
    created: iso(NOW - 2 * DAY),
    state: "open",
  },
  {
    id: 13,
    patientId: null,
    by: "prac-okafor",
    patient: "tom.becker@example.org",
    from: { ...okafor, detail: "Riverside Family Practice" },
    reason: "Review of your knee.",
    categories: ["imaging", "procedure", "visit"],
    days: 30,
    created: iso(NOW - 27 * DAY),
    state: "granted",
  },
  {
    id: 14,
    patientId: null,
    by: "prac-okafor",
    patient: "SHARE-7K2M",
    from: { ...okafor, detail: "Riverside Family Practice" },
    reason: "Second opinion.",
    categories: null,
    days: 7,
    created: iso(NOW - 60 * DAY),
    state: "declined",
  },
];

export const notices = new Map([
  [
    1,
    [
      {
        id: 1,
        time: iso(NOW - 3 * 3_600_000),
        kind: "read",
        title: "Dr. Ngozi Okafor read your record",
        body: "12 lab results and 4 vital signs, for treatment.",
        link: "/ledger",
        read: false,
      },
      {
        id: 2,
        time: iso(NOW - 5 * 3_600_000),
        kind: "access-request",
        title: "Dr. Yumi Sato asks to read your record",
        body: "Vital signs, lab results and medicines, for 7 days.",
        link: "/sharing",
        read: false,
      },
      {
        id: 3,
        time: iso(NOW - 2 * DAY),
        kind: "record",
        title: "New entries in your record",
        body: "Riverside Family Practice added 9 entries from your visit.",
        link: "/record/pat-asha/timeline",
        read: true,
      },
      {
        id: 4,
        time: iso(NOW - 9 * DAY),
        kind: "revoked",
        title: "You stopped the access of Dr. Yumi Sato",
        body: "They can read nothing more.",
        link: "/sharing",
        read: true,
      },
      {
        id: 5,
        time: iso(NOW - 20 * DAY),
        kind: "security",
        title: "New sign-in",
        body: "Firefox on Linux, Springfield.",
        link: "/account",
        read: true,
      },
    ],
  ],
  [
    2,
    [
      {
        id: 6,
        time: iso(NOW - 2 * DAY),
        kind: "grant",
        title: "Tom Becker gave you access",
        body: "The whole record, for 30 days.",
        link: "/patients",
        read: false,
      },
    ],
  ],
]);

const doctor = { name: "Dr. Ngozi Okafor", role: "practitioner", organization: "Riverside Family Practice" };
const self = { name: "Asha Rivera", role: "patient" };
const kinds = ["Observation", "MedicationRequest", "Condition", "DiagnosticReport", null];
write("pat-asha", NOW - 41 * DAY, { action: "register", actor: self, ground: "own record" });
write("pat-asha", NOW - 40 * DAY, { action: "grant", actor: self, ground: "own record" });
for (let i = 0; i < 90; i++) {
  const time = NOW - (39 * DAY * (90 - i)) / 90;
  if (i % 3 === 0)
    write("pat-tom", time, {
      action: "read",
      actor: doctor,
      what: "Observation",
      count: 3,
      ground: "grant",
      purpose: "treatment",
    });
  else if (i % 7 === 0)
    write("pat-asha", time, {
      action: "refused",
      actor: { name: "Dr. Yumi Sato", role: "practitioner", organization: "Harbor General Hospital" },
      what: "Patient",
      count: 0,
    });
  else if (i % 5 === 0)
    write("pat-asha", time, {
      action: "create",
      actor: { name: "Riverside Family Practice", role: "service", organization: "Riverside Family Practice" },
      what: "Observation",
      count: 9,
      ground: "custody",
      purpose: "treatment",
    });
  else if (i % 2 === 0)
    write("pat-asha", time, {
      action: "search",
      actor: doctor,
      what: kinds[i % 5],
      count: 1 + ((i * 7) % 40),
      ground: "grant",
      purpose: "treatment",
      grant: 1,
    });
  else
    write("pat-asha", time, { action: "read", actor: self, what: kinds[(i + 1) % 5], count: 1, ground: "own record" });
}

export const users = [
  ...accounts.map((each) => ({
    ...each,
    state: "active",
    created: iso(NOW - 200 * DAY),
    lastSeen: iso(NOW - 3_600_000),
  })),
  ...Array.from({ length: 140 }, (_, i) => ({
    id: 100 + i,
    username: `user${i}`,
    name: ["Ana Costa", "Ben Osei", "Chloe Martin", "Dev Patel", "Eva Novak", "Farid Aziz"][i % 6],
    role: i % 4 === 0 ? "practitioner" : "patient",
    state: i % 17 === 3 ? "locked" : "active",
    created: iso(NOW - i * DAY),
    lastSeen: i % 5 === 0 ? null : iso(NOW - i * 7_000_000),
    organizations: i % 4 === 0 ? [riverside] : [],
  })),
];
export const organizations = [
  { id: "org-riverside", name: "Riverside Family Practice", city: "Springfield", members: 12 },
  { id: "org-harbor", name: "Harbor General Hospital", city: "Port Ellis", members: 230 },
  { id: "org-elm", name: "Elm Street Laboratory", city: "Springfield", members: 4 },
];
export const directory = [
  { ...okafor, detail: "General practice, Riverside Family Practice", reachable: true },
  { ...sato, detail: "Cardiology, Harbor General Hospital", reachable: true },
  { type: "practitioner", id: "prac-lind", name: "Dr. Henrik Lind", detail: "Orthopaedics", reachable: false },
  { ...clinic, detail: "Springfield", reachable: true },
  { type: "organization", id: "org-harbor", name: "Harbor General Hospital", detail: "Port Ellis", reachable: true },
];
export const today = day(NOW);
