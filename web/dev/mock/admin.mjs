// What an administrator is answered.
import { DAY, iso, NOW } from "./chance.mjs";
import * as ledger from "./ledger.mjs";
import * as people from "./people.mjs";

const changeUser =
  (ok, state) =>
  ({ path }) => {
    const user = people.users.find((each) => String(each.id) === path[3]);
    user.state = state;
    return ok(user);
  };

let verified = null;
const ledgerState = () => {
  const { size, root, text } = ledger.checkpoint();
  return { size, root, checkpoint: text, lastCheckpointTime: iso(NOW - 40_000), witnesses: [], verified };
};

export const adminRoutes = ({ ok, problem, paged }) => ({
  "GET api/admin/users": ({ query }) => {
    const text = (query.get("query") ?? "").toLowerCase();
    return ok(
      paged(
        people.users.filter(
          (each) =>
            (!query.get("role") || each.role === query.get("role")) &&
            `${each.name} ${each.username}`.toLowerCase().includes(text),
        ),
        query,
        "users",
      ),
    );
  },
  "POST api/admin/users": ({ body }) => {
    if (people.users.some((each) => each.username === body.username))
      return problem(422, "invalid", "Check the fields.", [
        { path: "username", code: "taken", text: "This user name is taken. Choose another." },
      ]);
    const user = {
      ...body,
      id: 900 + people.users.length,
      state: "active",
      created: iso(Date.now()),
      lastSeen: null,
      organizations: [],
    };
    people.users.unshift(user);
    return ok(user, 201);
  },
  "POST api/admin/users/*/lock": changeUser(ok, "locked"),
  "POST api/admin/users/*/unlock": changeUser(ok, "active"),
  "GET api/admin/organizations": ({ query }) =>
    ok({
      organizations: people.organizations.filter((each) =>
        each.name.toLowerCase().includes((query.get("query") ?? "").toLowerCase()),
      ),
    }),
  "GET api/admin/organizations/*/members": () =>
    ok({ members: [{ account: 2, name: "Dr. Ngozi Okafor", username: "doctor1", role: "practitioner" }] }),
  "POST api/admin/organizations/*/members/*/remove": () => ({ status: 204 }),
  "POST api/admin/organizations": ({ body }) => {
    const made = { id: `org-${people.organizations.length}`, name: body.name, city: body.city ?? null, members: 0 };
    people.organizations.push(made);
    return ok(made, 201);
  },
  "POST api/admin/organizations/*/members": () => ({ status: 204 }),
  "GET api/admin/ledger": () => ok(ledgerState()),
  "POST api/admin/ledger/verify": () => {
    verified = { time: iso(Date.now()), size: ledger.entries.length, ok: true, detail: null };
    return ok(ledgerState());
  },
  "GET api/admin/health": () =>
    ok({
      version: "0.1.0",
      started: iso(NOW - 3 * DAY),
      database: { engine: "SQLite", bytes: 412_000_000 },
      process: { memoryBytes: 96_000_000 },
      counts: { accounts: 1204, patients: 1000, resources: 2_310_455, grants: 3120 },
      requests: { total: 88_412, errors: 3 },
      checks: [
        { name: "Database", state: "ok", detail: "Answers in 1 ms." },
        { name: "Ledger", state: "ok", detail: "The last checkpoint is 40 seconds old." },
        { name: "Disk", state: "warn", detail: "11 % free. Make room before it reaches 5 %." },
      ],
    }),
});
