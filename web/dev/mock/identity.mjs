// How people sign in, and whether a clinician is one, as far as pages need it to be looked at.
import { DAY, iso, NOW } from "./chance.mjs";

const HOUR = 3_600_000;
const passkeys = [
  {
    id: 1,
    name: "My phone",
    created: iso(NOW - 90 * DAY),
    lastUsed: iso(NOW - HOUR),
    synced: true,
    prf: true,
    readyAt: null,
  },
  {
    id: 2,
    name: "Work laptop",
    created: iso(NOW - 20 * DAY),
    lastUsed: null,
    synced: false,
    prf: false,
    readyAt: null,
  },
];
const ways = { password: { set: true, readyAt: null }, recoveryCodes: { left: 2, created: iso(NOW - 90 * DAY) } };
const lost = {
  passkeys: [{ ...passkeys[0], id: 3, name: "New phone", lastUsed: null, readyAt: iso(Date.now() + 23 * HOUR) }],
  password: { set: true, readyAt: null },
  recoveryCodes: { left: 10, created: iso(NOW - 90 * DAY) },
};

const document = {
  id: 7,
  name: "licence-2026.pdf",
  mediaType: "application/pdf",
  bytes: 482_113,
  added: iso(NOW - DAY),
};
const details = {
  registrationNumber: "7654321",
  register: "General Medical Council",
  profession: "Cardiologist",
  workplace: "Riverside Family Practice",
};
const clinician = (account, name, state, more = {}) => ({
  account,
  name,
  username: `${name.split(" ").at(-1).toLowerCase()}@clinic.example`,
  email: `${name.split(" ").at(-1).toLowerCase()}@clinic.example`,
  locked: false,
  state,
  version: 3,
  changed: iso(NOW - 5 * HOUR),
  details,
  documents: [document],
  missing: [],
  organizations: [],
  invitedBy: null,
  checks: [],
  returned: null,
  ...more,
});
const clinicians = [
  clinician(60, "Dr. Kim Lee", "waiting"),
  clinician(61, "Dr. Ada Moss", "waiting", { invitedBy: "Robin Ames", changed: iso(NOW - 2 * DAY) }),
  clinician(62, "Dr. Pavel Novak", "checked", {
    checks: [{ name: "Noor Haddad", time: iso(NOW - HOUR), mine: false }],
  }),
  clinician(5, "Dr. Una Verified", "draft", { details: null, documents: [], missing: ["details", "documents"] }),
];
const mails = [
  {
    id: 2,
    time: iso(Date.now() - 60_000),
    to: "patient1@healthsync.example",
    subject: "Your code for HealthSync",
    text: "Your code is 4711 0815.\n\nIt is good for 10 minutes. If you did not ask for it, ignore this message.",
  },
  {
    id: 1,
    time: iso(Date.now() - 600_000),
    to: "ada@clinic.example",
    subject: "You are invited to HealthSync",
    text: "Open your account: http://localhost:8080/invitation#secret",
  },
];

export const OPEN_IDENTITY = [
  "GET api/auth/options",
  "POST api/auth/passkey/start",
  "POST api/auth/code/start",
  "POST api/auth/code/finish",
  "POST api/auth/invitation",
  "POST api/auth/register/clinician",
  "GET api/demo/outbox",
];

export const identityRoutes = ({ ok, problem, enter, accounts }) => {
  const named = (username) => accounts.find((each) => each.username === username);
  const found = (path) => clinicians.find((each) => String(each.account) === path[3]);
  const mine = ({ account }) => clinicians.find((each) => each.account === account.id) ?? clinicians[0];
  return {
    "GET api/auth/options": () =>
      ok({
        passkey: { rpId: "localhost", here: process.env.MOCK_PASSKEYS !== "0", openAt: "http://localhost:8080" },
        emailCode: true,
        password: true,
        register: true,
      }),
    "POST api/auth/passkey/start": () => problem(503, "unavailable", "The mock has no passkeys."),
    "POST api/auth/code/start": () => ok({ request: "r1", expires: iso(Date.now() + 600_000) }),
    "POST api/auth/code/finish": ({ body }) =>
      body.code === "11111111" ? problem(401, "code-failed", "Wrong code.") : enter(named("limited")),
    "POST api/auth/recovery-code": () => problem(401, "login-failed", "Wrong code."),
    "POST api/auth/confirm/start": () => ok({ methods: ["password"], passkey: null }),
    "POST api/auth/confirm": ({ body, account }) =>
      body.password === "password123"
        ? ok({ account, expires: iso(Date.now() + DAY), idleSeconds: 900 })
        : problem(401, "login-failed", "Wrong."),
    "GET api/auth/methods": ({ account }) =>
      ok({ email: `${account.username}@healthsync.example`, ...(account.mockLimited ? lost : { passkeys, ...ways }) }),
    "POST api/auth/passkeys/*/rename": ({ path, body }) => {
      const passkey = passkeys.find((each) => String(each.id) === path[3]);
      passkey.name = body.name;
      return ok(passkey);
    },
    "POST api/auth/passkeys/*/revoke": () => problem(409, "last-method", "The last way in."),
    "POST api/auth/password": () => problem(401, "step-up", "Confirm it is you."),
    "POST api/auth/recovery-codes": () =>
      ok(
        { codes: Array.from({ length: 10 }, (_, i) => `7QK2M-XW94${"ABCDEFGHJK"[i]}`), created: iso(Date.now()) },
        201,
      ),
    "POST api/auth/sessions/revoke-others": () => ok({ ended: 2 }),
    "POST api/auth/sessions/revoke-all": () => ({ status: 204 }),
    "POST api/auth/invitation": () => problem(401, "invitation", "This invitation was used already."),
    "POST api/auth/register/clinician": () => enter(named("applicant")),
    "GET api/demo/outbox": () => ok({ mails }),
    "GET api/verification": (context) => ok(mine(context)),
    "POST api/verification": (context) =>
      ok(Object.assign(mine(context), { details: context.body, missing: ["documents"] })),
    "POST api/verification/documents": (context) =>
      ok(Object.assign(mine(context), { documents: [document], missing: [] }), 201),
    "POST api/verification/submit": (context) => ok(Object.assign(mine(context), { state: "waiting" })),
    "GET api/admin/verifications": ({ query }) =>
      ok({ verifications: clinicians.filter((each) => each.state === query.get("state")), waiting: 3 }),
    "GET api/admin/verifications/*": ({ path }) =>
      found(path) ? ok(found(path)) : problem(404, "not-found", "There is no such verification."),
    "POST api/admin/verifications/*/approve": ({ path }) => {
      const one = found(path);
      one.checks.push({ name: "Sam Winter", time: iso(Date.now()), mine: true });
      one.state = one.checks.length > 1 ? "verified" : "checked";
      return ok(one);
    },
    "POST api/admin/verifications/*/return": ({ path, body }) =>
      ok(
        Object.assign(found(path), {
          state: "returned",
          returned: { reason: body.reason, name: "Sam Winter", time: iso(Date.now()) },
        }),
      ),
    "POST api/admin/invitations": () => ok({ account: 99, link: "/invitation#Zk3vTgq1b9x_secret-of-the-link-xY" }, 201),
  };
};
