// Every page, and the states of a page that look different.
const next = (tab) => tab.getByRole("button", { name: "Next" }).click();
const settle = (tab) => tab.locator('[role="status"][aria-label="Loading"]').first().waitFor({ state: "detached" });

async function openEntry(tab, kind) {
  await tab.locator(`a[href*="/entry/${kind}/"]`).first().click();
  await tab.getByRole("heading", { level: 1 }).first().waitFor();
  await tab.waitForTimeout(400);
  await settle(tab);
}

async function wizard(tab, steps) {
  await tab.getByRole("searchbox", { name: "Name of a doctor or clinic" }).fill("okafor");
  await tab.getByRole("radio", { name: "Dr. Ngozi Okafor" }).check();
  for (let i = 0; i < steps; i++) await next(tab);
  await settle(tab);
}

const timeline = "/record/pat-asha/timeline";
const entry = (kind, category) => ({
  name: `entry-${kind.toLowerCase()}`,
  user: "patient1",
  path: `${timeline}?category=${encodeURIComponent(`["${category}"]`)}`,
  act: (tab) => openEntry(tab, kind),
});

export const pages = [
  { name: "welcome", path: "/" },
  { name: "sign-in", path: "/sign-in?notice=idle" },
  { name: "register", path: "/register" },
  { name: "home", user: "patient1", path: "/home" },
  { name: "home-new", user: "newcomer", path: "/home" },
  { name: "summary", user: "patient1", path: "/record/pat-asha" },
  { name: "summary-new", user: "newcomer", path: "/record/pat-new" },
  { name: "timeline", user: "patient1", path: timeline },
  { name: "timeline-filtered", user: "patient1", path: `${timeline}?category=%5B%22result%22%5D` },
  { name: "charts", user: "patient1", path: "/record/pat-asha/charts" },
  {
    name: "chart-pressure",
    user: "patient1",
    path: "/record/pat-asha/charts/8480-6",
    act: (tab) => tab.locator("canvas").waitFor(),
  },
  {
    name: "chart-a1c",
    user: "patient1",
    path: "/record/pat-asha/charts/4548-4",
    act: (tab) => tab.locator("canvas").waitFor(),
  },
  {
    name: "chart-table",
    user: "patient1",
    path: "/record/pat-asha/charts/8480-6",
    act: (tab) => tab.getByRole("button", { name: "Show as table" }).click(),
  },
  entry("Observation", "result"),
  entry("DiagnosticReport", "result"),
  entry("DocumentReference", "document"),
  entry("Encounter", "visit"),
  entry("MedicationRequest", "medicine"),
  entry("Condition", "condition"),
  entry("CarePlan", "plan"),
  {
    ...entry("AllergyIntolerance", "allergy"),
    name: "entry-raw",
    act: async (tab) => {
      await openEntry(tab, "AllergyIntolerance");
      await tab.getByRole("button", { name: "Show versions" }).click();
      await tab.getByRole("button", { name: "Show the data", exact: true }).click();
    },
  },
  { name: "sharing", user: "patient1", path: "/sharing" },
  {
    name: "sharing-stop",
    user: "patient1",
    path: "/sharing",
    act: (tab) => tab.getByRole("button", { name: "Stop access" }).first().click(),
  },
  {
    name: "sharing-extend",
    user: "patient1",
    path: "/sharing",
    act: (tab) => tab.getByRole("button", { name: "Extend" }).first().click(),
  },
  { name: "wizard-who", user: "patient1", path: "/sharing/new", act: (tab) => wizard(tab, 0) },
  { name: "wizard-what", user: "patient1", path: "/sharing/new?request=11" },
  { name: "wizard-how-long", user: "patient1", path: "/sharing/new", act: (tab) => wizard(tab, 2) },
  { name: "wizard-review", user: "patient1", path: "/sharing/new", act: (tab) => wizard(tab, 3) },
  { name: "documents", user: "patient1", path: "/documents" },
  { name: "documents-new", user: "newcomer", path: "/documents" },
  { name: "documents-deleted", user: "patient1", path: "/documents/deleted" },
  { name: "documents-camera", user: "patient1", path: "/documents/camera" },
  {
    name: "documents-tray",
    user: "patient1",
    path: "/documents",
    act: async (tab) => {
      const files = ["letter of the clinic.pdf", "photo.jpg", "empty.txt"].map((name) => ({
        name,
        mimeType: "application/octet-stream",
        buffer: Buffer.alloc(name.startsWith("empty") ? 0 : 3_000_000),
      }));
      await tab.locator('input[type="file"]').setInputFiles(files);
      await tab.getByText("Nothing is on its way").waitFor();
    },
  },
  { name: "documents-one", user: "patient1", path: "/documents/doc-1" },
  { name: "documents-word", user: "patient1", path: "/documents/doc-3" },
  {
    name: "documents-text",
    user: "patient1",
    path: "/documents/doc-1?tab=text",
    act: (tab) => tab.getByRole("searchbox", { name: "Search in this text" }).fill("blood"),
  },
  {
    name: "documents-change",
    user: "patient1",
    path: "/documents/doc-1",
    act: (tab) => tab.getByRole("button", { name: "Change" }).click(),
  },
  { name: "documents-review", user: "patient1", path: "/documents/doc-1/review" },
  {
    name: "documents-certain",
    user: "patient1",
    path: "/documents/doc-1/review",
    act: (tab) => tab.getByRole("button", { name: /^Confirm all/ }).click(),
  },
  { name: "doctor-documents", user: "doctor1", path: "/record/pat-asha/documents" },
  { name: "ledger", user: "patient1", path: "/ledger" },
  {
    name: "ledger-verified",
    user: "patient1",
    path: "/ledger",
    act: async (tab) => {
      await tab.getByRole("button", { name: "Verify" }).click();
      await tab.getByText("Everything checks out").waitFor();
      await tab
        .getByRole("button", { name: /^Details/ })
        .first()
        .click();
    },
  },
  { name: "inbox", user: "patient1", path: "/inbox" },
  { name: "account", user: "patient1", path: "/account" },
  { name: "patients", user: "doctor1", path: "/patients" },
  { name: "doctor-summary", user: "doctor1", path: "/record/pat-asha" },
  { name: "doctor-timeline", user: "doctor1", path: "/record/pat-omar/timeline" },
  { name: "doctor-gone", user: "doctor1", path: "/record/pat-nobody" },
  { name: "requests", user: "doctor1", path: "/requests" },
  { name: "ask", user: "doctor1", path: "/requests/new" },
  { name: "users", user: "admin1", path: "/admin/users" },
  {
    name: "users-create",
    user: "admin1",
    path: "/admin/users",
    act: (tab) => tab.getByRole("button", { name: "New user" }).click(),
  },
  { name: "guardians", user: "admin1", path: "/admin/guardians" },
  { name: "organizations", user: "admin1", path: "/admin/organizations" },
  {
    name: "organizations-member",
    user: "admin1",
    path: "/admin/organizations",
    act: (tab) =>
      tab
        .getByRole("button", { name: /^Add member/ })
        .first()
        .click(),
  },
  {
    name: "admin-ledger",
    user: "admin1",
    path: "/admin/ledger",
    act: (tab) => tab.getByRole("button", { name: "Verify now" }).click(),
  },
  { name: "health", user: "admin1", path: "/admin/health" },
  { name: "code", path: "/code" },
  { name: "code-lost", path: "/code?lost=true" },
  {
    name: "code-enter",
    path: "/code",
    act: async (tab) => {
      await tab.getByLabel("E-mail").fill("patient1@healthsync.example");
      await tab.getByRole("button", { name: "Send me a code" }).click();
      await tab.getByRole("button", { name: "I also have a recovery code" }).click();
    },
  },
  { name: "register-clinician", path: "/register/clinician" },
  { name: "invitation", path: "/invitation#secret" },
  { name: "invitation-gone", path: "/invitation" },
  { name: "outbox", path: "/outbox" },
  { name: "recover", user: "limited", path: "/recover" },
  {
    name: "recovery-codes",
    user: "patient1",
    path: "/account",
    act: async (tab) => {
      await tab.getByRole("button", { name: "Make new codes" }).click();
      await tab.getByRole("dialog").getByRole("button", { name: "Make new codes" }).click();
      await tab.getByText("This is the only time you see them").waitFor();
    },
  },
  {
    name: "confirm",
    user: "patient1",
    path: "/account",
    act: async (tab) => {
      await tab.getByRole("button", { name: "Change" }).click();
      await tab.getByLabel("New password", { exact: true }).fill("a short sentence");
      await tab.getByRole("button", { name: "Save password" }).click();
      await tab.getByText("This step is sensitive").waitFor();
    },
  },
  { name: "verification", user: "applicant", path: "/verification" },
  { name: "verifications", user: "admin1", path: "/admin/verifications" },
  {
    name: "verifications-invite",
    user: "admin1",
    path: "/admin/verifications",
    act: (tab) => tab.getByRole("button", { name: "Invite a clinician" }).click(),
  },
  { name: "verification-case", user: "admin1", path: "/admin/verifications/60" },
  { name: "not-found", path: "/nowhere" },
  { name: "not-found-inside", user: "patient1", path: "/record/pat-asha/nowhere" },
];
