import type { paths } from "@/api/schema.gen";

/** An address of the plain API, with a command that can be copied. */
export interface Example {
  /** The key of its words. */
  key:
    | "register"
    | "login"
    | "upload"
    | "mine"
    | "grant"
    | "book"
    | "appointments"
    | "add"
    | "analysis"
    | "search"
    | "patient";
  method: "GET" | "POST";
  /** As `openapi.json` writes it: an address that is not there does not compile. */
  path: keyof paths;
  curl: string;
}

const JSON_BODY = "-H 'Content-Type: application/json'";
const TOKEN = '-H "Authorization: Bearer $TOKEN"';

const post = (path: string, body: unknown, token = true) =>
  `curl $URL${path} ${token ? `${TOKEN} ` : ""}${JSON_BODY} -d '${JSON.stringify(body)}'`;
const get = (path: string) => `curl "$URL${path}" ${TOKEN}`;

export const EXAMPLES: readonly Example[] = [
  {
    key: "register",
    method: "POST",
    path: "/api/auth/register",
    curl: post(
      "/api/auth/register",
      {
        email: "asha@example.org",
        password: "a long and odd sentence",
        given: "Asha",
        family: "Rao",
        birthDate: "1990-04-01",
        gender: "female",
      },
      false,
    ),
  },
  {
    key: "login",
    method: "POST",
    path: "/api/auth/login",
    curl: post("/api/auth/login", { username: "patient1", password: "password123" }, false),
  },
  {
    key: "upload",
    method: "POST",
    path: "/api/records/upload",
    curl: `curl $URL/api/records/upload ${TOKEN} -F title='Blood count' -F date=2026-03-04 -F file=@report.pdf`,
  },
  {
    key: "mine",
    method: "GET",
    path: "/api/records/my-records",
    curl: get("/api/records/my-records?kind=vital,result&count=50"),
  },
  {
    key: "grant",
    method: "POST",
    path: "/api/records/grant-access",
    curl: post("/api/records/grant-access", { doctor: "doctor1", kinds: ["visit", "vital", "result"], days: 30 }),
  },
  {
    key: "book",
    method: "POST",
    path: "/api/appointments/create",
    curl: post("/api/appointments/create", { doctor: "doctor1", start: "2030-05-02T09:00:00Z", minutes: 20 }),
  },
  {
    key: "appointments",
    method: "GET",
    path: "/api/appointments/my-appointments",
    curl: get("/api/appointments/my-appointments?from=2030-05-01"),
  },
  {
    key: "add",
    method: "POST",
    path: "/api/health-metrics/add",
    curl: post("/api/health-metrics/add", {
      type: "heart_rate",
      value: 72,
      unit: "bpm",
      time: "2026-05-02T07:30:00Z",
    }),
  },
  {
    key: "analysis",
    method: "GET",
    path: "/api/health-metrics/analysis",
    curl: get("/api/health-metrics/analysis?type=heart_rate,blood_pressure"),
  },
  {
    key: "search",
    method: "GET",
    path: "/api/doctors/search-patients",
    curl: get("/api/doctors/search-patients?name=rao&condition=diabetes"),
  },
  {
    key: "patient",
    method: "GET",
    path: "/api/doctors/patient-records/{patient_id}",
    curl: get("/api/doctors/patient-records/$PATIENT?kind=vital"),
  },
];
