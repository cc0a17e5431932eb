// Every address of the web app, whom it is for, and what must be there before it is looked at.

import { onTheList } from "./app.mjs";
import { applicant, comeIn, comeInByCode, endAllAccess, give, newcomer, program, say, SENTENCE } from "./people.mjs";

/** Kinds of entries that are drawn in different ways. */
const KINDS = [
  "Observation",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "MedicationRequest",
  "Condition",
  "Immunization",
];

/** Where an app's question waits for its answer. */
async function question(server) {
  const { token } = await program(server, "admin1");
  const redirect = "https://app.example/cb";
  const { clientId } = await onTheList(server, token, { name: "Heart diary", kind: "public", redirectUris: [redirect] });
  const wanted = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirect,
    scope: "openid launch/patient offline_access patient/Observation.rs patient/Condition.rs",
    state: "a-state-of-its-own",
    aud: `${server.url}/fhir`,
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
  const answer = await fetch(`${server.url}/oauth/authorize?${wanted}`, { redirect: "manual" });
  return answer.headers.get("location");
}

/**
 * The pages by name, for each who sees them, when there is something to show on each: a consent that runs, one that ended,
 * a request.
 * @returns {Promise<Record<string, { pages: Record<string, string>, enter?: (page: any) => Promise<unknown> }>>} by user
 *   name; `nobody` is a stranger; `enter` signs in whoever does not come with the password of the demonstration
 */
export async function prepare(server) {
  await endAllAccess(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const { account: patient, token } = await program(server, "patient1");
  const other = await program(server, "patient2");
  const colleague = await program(server, "doctor2");
  await give(server, "patient1", { type: "practitioner", id: doctor.practitioner });
  const body = { patient: "patient1@healthsync.example", reason: "Follow-up.", categories: ["result"], days: 7 };
  await say(server, "/api/access-requests", { token: colleague.token, body });
  // A question about what was done last by somebody else.
  const seen = await say(server, "/api/ledger/entries?reads=others&count=1", { token });
  const open = await say(server, "/api/cases", { token });
  if (seen.entries.length > 0 && open.cases.length === 0) {
    await say(server, "/api/cases", { token, body: { entry: seen.entries[0].seq, question: "Why did you look?" } });
  }
  const form = { label: "For the pages", until: null, sensitive: false, tell: false };
  const { address } = await say(server, "/api/health-links", { token, body: { ...form, passcode: "4711" } });
  const record = `/record/${patient.patient}`;
  const entries = {};
  for (const kind of KINDS) {
    const found = await say(server, `/fhir/${kind}?patient=${patient.patient}&_count=1`, { token });
    entries[`entry ${kind}`] = `${record}/entry/${kind}/${found.entry[0].resource.id}`;
  }
  const asked = await question(server);
  const { token: administrator } = await program(server, "admin1");
  const invitation = { name: "Dr Ida Open", email: `ida.${Date.now()}@clinic.example` };
  await say(server, "/api/admin/invitations", { token: administrator, body: invitation });
  const clinician = await applicant(server, "Waiting");
  const lost = await newcomer(server, "Lost");
  // Whoever was given a password by an administrator, and has not chosen their own.
  const given = { username: `given.${Date.now()}`, password: SENTENCE, role: "patient", name: "Ilse Given" };
  await say(server, "/api/admin/users", { token: administrator, body: given });
  return {
    nobody: {
      pages: {
        welcome: "/",
        "no receipt": "/erased",
        "sign in": "/sign-in",
        register: "/register",
        "register, clinician": "/register/clinician",
        invitation: "/invitation",
        "sign in with a code": "/code",
        "lost phone": "/code?lost=true",
        "sign in with the camera": "/sign-in/camera",
        "sign in, after something went wrong": "/sign-in?notice=external-unknown",
        "an app that is refused": "/apps/refused?error=invalid_request",
        outbox: "/outbox",
        developers: "/developers",
        "health link": address.slice(address.indexOf("/link")),
        "no health link": "/link",
        "no card on this device": "/card",
        "not found": "/nowhere",
      },
    },
    patient1: {
      pages: {
        home: "/home",
        summary: record,
        timeline: `${record}/timeline`,
        "timeline of results": `${record}/timeline?category=%5B%22result%22%5D`,
        "timeline, narrowed": `${record}/timeline?abnormal=true&from=2015-01-01&open=true`,
        "timeline, words": `${record}/timeline?q=hemoglobin`,
        "timeline, nothing": `${record}/timeline?q=nowhere`,
        "two dates": `${record}/compare?before=2020-01-01&after=2025-12-31`,
        "history on paper": `${record}/print?from=2024-01-01`,
        profile: "/profile",
        charts: `${record}/charts`,
        "chart of blood pressure": `${record}/charts/8480-6`,
        "chart of HbA1c": `${record}/charts/4548-4`,
        ...entries,
        documents: "/documents",
        "photograph papers": "/documents/camera",
        "deleted documents": "/documents/deleted",
        "seal a document": "/documents/sealed/new",
        "a sealed document that is not there": "/documents/sealed/none",
        sharing: "/sharing",
        "give access": "/sharing/new",
        "at the desk": "/desk",
        "scan a code": "/desk/scan",
        family: "/family",
        "health links": "/links",
        "emergency card": "/emergency-card",
        "summary to hand on": `${record}/document`,
        ledger: "/ledger",
        changes: "/changes",
        cases: "/cases",
        inbox: "/inbox",
        account: "/account",
        "tell me when": "/account/notifications",
        "face check": "/account/face",
        vault: "/account/vault",
        "an app asks": asked,
        "not found, signed in": "/nowhere",
        "not found in the record": `${record}/nowhere`,
      },
    },
    doctor1: {
      pages: {
        patients: "/patients",
        "summary for a doctor": record,
        "timeline for a doctor": `${record}/timeline`,
        "two dates for a doctor": `${record}/compare`,
        "charts for a doctor": `${record}/charts`,
        "documents for a doctor": `${record}/documents`,
        "entry for a doctor": entries["entry Condition"],
        "no access": `/record/${other.account.patient}`,
        "requests, empty": "/requests",
        "request access": "/requests/new",
        "emergency access": "/break-glass",
        "propose a change": `${record}/propose`,
        "changes of a doctor, empty": "/changes",
        "cases of a doctor": "/cases",
        "inbox of a doctor": "/inbox",
        "account of a doctor": "/account",
        "vault of a doctor": "/account/vault",
        "tell a doctor when": "/account/notifications",
      },
    },
    doctor2: { pages: { requests: "/requests" } },
    clinician: {
      enter: (page) => comeIn(page, clinician.email, SENTENCE),
      pages: { verification: "/verification", "account of a clinician": "/account" },
    },
    limited: {
      enter: (page) => comeInByCode(page, server, lost.email),
      pages: { recover: "/recover" },
    },
    given: {
      enter: (page) => comeIn(page, given.username, SENTENCE),
      pages: { "choose a password": "/choose-password" },
    },
    admin1: {
      pages: {
        users: "/admin/users",
        clinicians: "/admin/verifications",
        emergencies: "/admin/emergencies",
        "cases, all": "/cases",
        "a clinician's case": `/admin/verifications/${clinician.account.id}`,
        "apps of others": "/admin/apps",
        guardians: "/admin/guardians",
        organizations: "/admin/organizations",
        "ledger as a whole": "/admin/ledger",
        health: "/admin/health",
        "inbox of an administrator": "/inbox",
        "account of an administrator": "/account",
        "tell an administrator when": "/account/notifications",
      },
    },
  };
}

/** The cookies of everybody who has a page, so that nobody signs in for each size again. */
export async function passes(browser, server, people) {
  const signIn = async ([name, { enter }]) => {
    const context = await browser.newContext({ baseURL: server.url });
    await (enter ? enter(context) : comeIn(context, name));
    const state = await context.storageState();
    await context.close();
    return [name, state];
  };
  const known = Object.entries(people).filter(([name]) => name !== "nobody");
  return new Map(await Promise.all(known.map(signIn)));
}
