// Answers the HTTP API from memory, for working on the pages without the server. Never part of the build.
import { adminRoutes } from "./mock/admin.mjs";
import { DAY, iso, NOW } from "./mock/chance.mjs";
import { documentRoutes } from "./mock/documents.mjs";
import { identityRoutes, OPEN_IDENTITY } from "./mock/identity.mjs";
import * as ledger from "./mock/ledger.mjs";
import * as people from "./mock/people.mjs";
import { outline, overview, series, summary, timeline } from "./mock/views.mjs";

const sessions = new Map();
const streams = new Set();
const IDLE = Number(process.env.MOCK_IDLE_SECONDS ?? 900);

/** Answers and says true, or says false when the address is not of the API. */
export async function handle(request, response) {
  const url = new URL(request.url, "http://mock");
  if (!/^\/(api|fhir)\//.test(url.pathname)) return false;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const json = (request.headers["content-type"] ?? "").includes("json");
  const body = json && chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString() || "{}") : {};
  const token = /(?:^|; )mock=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  const account = sessions.get(token) ?? null;
  const path = url.pathname.split("/").slice(1).map(decodeURIComponent);
  const key = `${request.method} ${path.map((part, i) => (i === 0 || (/^[a-z-]+$/.test(part) && !/^(pat|org|prac|doc)-/.test(part)) ? part : "*")).join("/")}`;
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const context = { url, query: url.searchParams, body, size, account, token, path, request, response };
  const route = routes[key] ?? (path[0] === "fhir" ? fhir : null);
  const result = !route
    ? problem(404, "not-found", "No such address.")
    : !account && !OPEN.has(key)
      ? problem(401, "signed-out", "Sign in first.")
      : route(context);
  if (result !== STREAM) send(response, result);
  return true;
}

const STREAM = Symbol("stream");
const OPEN = new Set([
  "GET api/auth/face",
  "GET api/demo",
  "POST api/auth/login",
  "POST api/auth/register",
  "GET api/auth/session",
  ...OPEN_IDENTITY,
]);
const problem = (status, kind, detail, issues = []) => ({
  status,
  body: { type: "about:blank", title: kind, status, kind, detail, issues },
});
const ok = (body, status = 200) => ({ status, body });

function send(response, { status, body, bytes, type, headers, cookie }) {
  response.writeHead(status, {
    "Content-Type": type ?? (status >= 400 ? "application/problem+json" : "application/json"),
    ...headers,
    ...(cookie ? { "Set-Cookie": cookie } : {}),
  });
  response.end(bytes ?? (body === undefined ? "" : JSON.stringify(body)));
}

const tell = (...topics) => {
  for (const stream of streams) stream.write(`event: changed\ndata: ${JSON.stringify({ topics })}\n\n`);
};

function enter(account) {
  const token = Math.random().toString(36).slice(2);
  sessions.set(token, account);
  return {
    status: 200,
    cookie: `mock=${token}; Path=/; HttpOnly; SameSite=Lax`,
    body: { account, expires: iso(Date.now() + DAY), idleSeconds: IDLE, limited: account.mockLimited === true },
  };
}

/** The record as this account may see it; null when it may not. */
function visible(account, id) {
  if (account.patient === id) return people.records.get(id) ?? null;
  const grant = grantFor(account, id);
  if (!grant) return null;
  return people.records.get(id).filter(({ entry }) => !grant.categories || grant.categories.includes(entry.category));
}

const isFor = (account, grant) =>
  grant.grantee.id === account.practitioner || account.organizations.some((each) => each.id === grant.grantee.id);
const grantFor = (account, id) =>
  people.grants.find((grant) => grant.patient.id === id && grant.state === "active" && isFor(account, grant));

const ofPatient = (answer) => (context) => {
  const record = visible(context.account, context.path[2]);
  return record
    ? ok(answer(record, context))
    : problem(404, "not-found", "There is no such record, or you may not see it.");
};

function fhir({ path, query, account }) {
  const [, type, id, history] = path;
  const mine = people.patients.flatMap((patient) =>
    (visible(account, patient.id) ?? []).map(({ resource }) => resource),
  );
  if (!id) {
    const wanted = new Set((query.get("_id") ?? "").split(","));
    const found = mine.filter((resource) => resource.resourceType === type && wanted.has(resource.id));
    return ok({
      resourceType: "Bundle",
      type: "searchset",
      total: found.length,
      entry: found.map((resource) => ({ resource })),
    });
  }
  const found = mine.find((resource) => resource.resourceType === type && resource.id === id);
  if (!found)
    return {
      status: 404,
      body: {
        resourceType: "OperationOutcome",
        issue: [
          { severity: "error", code: "not-found", details: { text: "There is no such entry, or you may not see it." } },
        ],
      },
    };
  return ok(history ? { resourceType: "Bundle", type: "history", total: 1, entry: [{ resource: found }] } : found);
}

function paged(list, query, name, size = 50) {
  const start = Number(query.get("before") ?? 0);
  return {
    [name]: list.slice(start, start + size),
    next: start + size < list.length ? String(start + size) : null,
    total: list.length,
  };
}

const changeGrant =
  (change) =>
  ({ path }) => {
    const grant = people.grants.find((each) => String(each.id) === path[2]);
    if (!grant) return problem(404, "not-found", "There is no such consent.");
    change(grant);
    tell("grants", "patients");
    return ok(grant);
  };

const routes = {
  "GET api/auth/face": () => ok({ available: true }),
  "GET api/auth/face/devices": () => ok({ devices: [] }),
  "GET api/admin/face": () => ok({ available: true, models: true }),
  "GET api/demo": () =>
    ok({
      accounts: people.accounts
        .slice(0, 3)
        .map(({ username, role, name }) => ({ username, role, name, password: "password123" })),
    }),
  "POST api/auth/login": ({ body }) => {
    const account = people.accounts.find((each) => each.username === body.username);
    return account && body.password === "password123"
      ? enter(account)
      : problem(401, "login-failed", "User name and password do not match.");
  },
  "POST api/auth/register": ({ body }) =>
    body.email.startsWith("taken")
      ? problem(409, "taken", "This e-mail has an account.")
      : {
          ...enter({
            ...people.accounts.find((each) => each.username === "newcomer"),
            name: `${body.given} ${body.family}`,
          }),
          status: 201,
        },
  "GET api/auth/session": ({ account }) =>
    account
      ? ok({ account, expires: iso(Date.now() + DAY), idleSeconds: IDLE, limited: account.mockLimited === true })
      : ok({ account: null }),
  "POST api/auth/logout": ({ token }) => {
    sessions.delete(token);
    return { status: 204 };
  },
  "GET api/auth/sessions": () =>
    ok({
      sessions: [
        {
          id: 1,
          current: true,
          created: iso(NOW - DAY),
          lastSeen: iso(Date.now()),
          device: "Chrome on Linux",
          kind: "cookie",
          place: "192.0.2.17",
          method: "passkey",
        },
        {
          id: 2,
          current: false,
          created: iso(NOW - 20 * DAY),
          lastSeen: iso(NOW - 2 * DAY),
          device: "Safari on iPhone",
          kind: "cookie",
          place: "198.51.100.4",
          method: "code",
          limited: true,
        },
        {
          id: 3,
          current: false,
          created: iso(NOW - 90 * DAY),
          lastSeen: iso(NOW - 3_600_000),
          device: "export-script/1.2",
          kind: "token",
        },
      ],
    }),
  "POST api/auth/sessions/*/revoke": () => ({ status: 204 }),
  "GET api/patients/*/timeline": ofPatient((record, { query }) => timeline(record, query)),
  "GET api/patients/*/timeline/outline": ofPatient((record, { query }) => outline(record, query)),
  "GET api/patients/*/timeline/choices": ofPatient(() => ({ abnormal: 0, sources: [] })),
  "GET api/patients/*/compare": ofPatient(() => ({ readings: [], courses: [] })),
  "GET api/patients/*/summary": ofPatient((record, { path }) =>
    summary(
      people.patients.find((each) => each.id === path[2]),
      record,
    ),
  ),
  "GET api/patients/*/series": ofPatient((record) => ({
    series: [...series(record).values()].map(({ points, reference, ...head }) => ({
      ...head,
      count: points.length,
      spark: points.slice(-30).map(([x, y]) => [x, y]),
    })),
  })),
  "GET api/patients/*/series/*": ofPatient((record, { path }) => {
    const { code, display, unit, reference, points } = series(record).get(path[4]) ?? {
      code: path[4],
      display: path[4],
      unit: "",
      reference: null,
      points: [],
    };
    return { code, display, unit, reference, points };
  }),
  "GET api/grants": ({ account }) =>
    ok({
      grants: people.grants.filter((each) =>
        account.patient ? each.patient.id === account.patient : isFor(account, each),
      ),
    }),
  "POST api/grants": ({ body, account }) => {
    const grantee = people.directory.find((each) => each.id === body.grantee.id);
    const { request, ...draft } = body;
    const grant = {
      ...draft,
      id: people.grants.length + 1,
      grantee: { type: grantee.type, id: grantee.id, name: grantee.name },
      patient: { id: account.patient, name: account.name },
      created: iso(Date.now()),
      revoked: null,
      state: "active",
      lastRead: null,
    };
    people.grants.unshift(grant);
    const asked = people.requests.find((each) => String(each.id) === String(request));
    if (asked) asked.state = "granted";
    tell("grants", "requests", "ledger");
    return ok(grant, 201);
  },
  "POST api/grants/preview": ({ body, account }) => {
    const record = people.records.get(account.patient);
    const inside = ({ entry }) =>
      (!body.categories || body.categories.includes(entry.category)) &&
      (!body.from || entry.date >= body.from) &&
      (!body.to || entry.date.slice(0, 10) <= body.to);
    const seen = record.filter(inside);
    const hidden = record.filter((each) => !inside(each));
    return ok({
      counts: overview(seen).counts,
      total: seen.length,
      hidden: overview(hidden).counts,
      hiddenTotal: hidden.length,
      groups: timeline(seen, new URLSearchParams()).groups,
    });
  },
  "POST api/grants/*/revoke": changeGrant((grant) =>
    Object.assign(grant, { state: "revoked", revoked: iso(Date.now()) }),
  ),
  "POST api/grants/*/extend": (context) =>
    changeGrant((grant) => Object.assign(grant, { until: context.body.until }))(context),
  "GET api/share-code": () => ok({ code: "9T9RDR7A" }),
  "GET api/directory": ({ query }) =>
    ok({
      items: people.directory.filter((each) => each.name.toLowerCase().includes(query.get("query").toLowerCase())),
    }),
  "GET api/access-requests": ({ account }) =>
    ok({
      requests: people.requests.filter((each) =>
        account.patient ? each.patientId === account.patient : each.by === account.practitioner,
      ),
    }),
  "POST api/access-requests": ({ body, account }) => {
    people.requests.unshift({
      ...body,
      id: 50 + people.requests.length,
      patientId: null,
      by: account.practitioner,
      from: { type: "practitioner", id: account.practitioner, name: account.name, detail: null },
      created: iso(Date.now()),
      state: "open",
    });
    return ok({ status: "sent" }, 202);
  },
  "POST api/access-requests/*/decline": ({ path }) => {
    people.requests.find((each) => String(each.id) === path[2]).state = "declined";
    return { status: 204 };
  },
  "GET api/ledger/entries": ({ account, query }) => {
    const own = ledger.entries.filter(
      (each) => each.patient === account.patient && (query.get("reads") !== "others" || each.actor.role !== "patient"),
    );
    return ok(paged(own.map(({ patient, ...entry }) => entry).reverse(), query, "entries"));
  },
  "GET api/cases": () => ok({ cases: [] }),
  "GET api/ledger/checkpoint": () => ok(ledger.checkpoint()),
  "GET api/ledger/proof": ({ query }) => ok(ledger.inclusion(Number(query.get("seq")), Number(query.get("size")))),
  "GET api/ledger/consistency": ({ query }) =>
    ok(ledger.consistency(Number(query.get("from")), Number(query.get("to")))),
  "GET api/inbox": ({ account }) => {
    const items = people.notices.get(account.id) ?? [];
    return ok({ items, unread: items.filter((each) => !each.read).length });
  },
  "POST api/inbox/*/read": ({ account, path }) => {
    people.notices.get(account.id).find((each) => String(each.id) === path[2]).read = true;
    return { status: 204 };
  },
  "POST api/inbox/read-all": ({ account }) => {
    for (const notice of people.notices.get(account.id) ?? []) notice.read = true;
    return { status: 204 };
  },
  "GET api/events": ({ request, response }) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(": hello\n\n");
    streams.add(response);
    request.on("close", () => streams.delete(response));
    return STREAM;
  },
  "GET api/my-patients": ({ account, query }) =>
    ok({
      patients: people.patients.flatMap((patient) => {
        const grant = grantFor(account, patient.id);
        if (!grant || !patient.name.toLowerCase().includes((query.get("query") ?? "").toLowerCase())) return [];
        const { id, name, birthDate, age, gender } = patient;
        return {
          id,
          name,
          birthDate,
          age,
          gender,
          lastUpdated: iso(NOW - 2 * DAY),
          grant: {
            id: grant.id,
            until: grant.until,
            categories: grant.categories,
            labels: grant.labels,
            purpose: grant.purpose,
            via: grant.grantee.type === "organization" ? grant.grantee.name : "you",
          },
        };
      }),
    }),
  ...documentRoutes({ ok, problem, tell }),
  ...adminRoutes({ ok, problem, paged }),
  ...identityRoutes({ ok, problem, enter, accounts: people.accounts }),
};
