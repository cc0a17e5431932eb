// The shapes of the HTTP API, in one place. Times are RFC 3339 in UTC, dates YYYY-MM-DD.

export const CATEGORIES = [
  "visit",
  "condition",
  "medicine",
  "result",
  "vital",
  "observation",
  "procedure",
  "immunization",
  "allergy",
  "document",
  "imaging",
  "plan",
  "device",
  "billing",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

export const LABELS = ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"] as const;
export type Label = (typeof LABELS)[number];

export const ROLES = ["patient", "practitioner", "administrator", "service"] as const;
export type Role = (typeof ROLES)[number];

export const PURPOSES = ["treatment", "research", "operations"] as const;
export type Purpose = (typeof PURPOSES)[number];

export type Gender = "female" | "male" | "other" | "unknown";
export type Counts = Partial<Record<Category, number>>;
export type Named = { id: string; name: string };

export interface Account {
  id: number;
  username: string;
  name: string;
  role: Role;
  patient?: string;
  practitioner?: string;
  organizations: Named[];
}

export interface Session {
  account: Account;
  expires: string;
  idleSeconds: number;
}

export interface Registration {
  email: string;
  password: string;
  given: string;
  family: string;
  birthDate: string;
  gender: Gender;
}

export interface DemoAccount {
  username: string;
  password: string;
  role: Role;
  name: string;
}

export interface SignedInDevice {
  id: string | number;
  current: boolean;
  created: string;
  lastSeen: string;
  device: string;
  kind: "cookie" | "token";
}

export type Flag = "high" | "low" | "critical" | "abnormal";

export interface Entry {
  type: string;
  id: string;
  category: Category;
  title: string;
  date: string | null;
  value?: { text: string; number?: number; unit?: string; flag?: Flag } | null;
  status?: string | null;
  detail?: string | null;
}

export interface Visit {
  id: string;
  title: string;
  class: string;
  start: string;
  end: string | null;
  organization: string | null;
  practitioner: string | null;
  reason: string | null;
}

export interface Group {
  visit: Visit | null;
  date: string | null;
  entries: Entry[];
}

export interface Timeline {
  groups: Group[];
  next: string | null;
  years?: { year: number; count: number }[] | null;
  counts?: Counts | null;
  total?: number | null;
}

export interface PatientHeader {
  id: string;
  name: string;
  birthDate: string | null;
  age: number | null;
  gender: Gender | null;
  address?: string | null;
  phone?: string | null;
  language?: string | null;
}

export interface SummarySection {
  code: string;
  title: string;
  category: Category;
  entries: (Entry & { active?: boolean | null })[];
  empty?: string | null;
}

export interface Summary {
  patient: PatientHeader;
  sections: SummarySection[];
}

export interface SeriesHead {
  code: string;
  display: string;
  unit: string | null;
  category: "vital" | "result";
  count: number;
  first: string;
  latest: { date: string; number: number; flag?: Flag | null };
  spark: [number, number][];
}

export interface Series {
  code: string;
  display: string;
  unit: string | null;
  reference: { low?: number | null; high?: number | null } | null;
  points: [number, number, string][];
}

export interface Grantee {
  type: "practitioner" | "organization";
  id: string;
  name: string;
}

export interface Grant {
  id: number | string;
  patient: Named;
  grantee: Grantee;
  categories: Category[] | null;
  from: string | null;
  to: string | null;
  labels: Label[];
  purpose: Purpose;
  note: string | null;
  created: string;
  until: string | null;
  revoked: string | null;
  state: "active" | "expired" | "revoked";
  lastRead: string | null;
}

export interface GrantDraft {
  grantee: { type: Grantee["type"]; id: string };
  categories: Category[] | null;
  from: string | null;
  to: string | null;
  labels: Label[];
  purpose: Purpose;
  until: string | null;
  note: string | null;
  request?: number | string;
}

export interface GrantPreview {
  counts: Counts;
  total: number;
  hidden: Counts;
  hiddenTotal: number;
  groups: Group[];
}

export interface DirectoryItem extends Grantee {
  detail: string | null;
  reachable: boolean;
}

export interface AccessRequest {
  id: number | string;
  from: Grantee & { detail: string | null };
  patient?: string | null;
  reason: string;
  categories: Category[] | null;
  days: number | null;
  created: string;
  state: "open" | "granted" | "declined";
}

export interface AccessRequestDraft {
  patient: string;
  reason: string;
  categories: Category[] | null;
  days: number;
}

export interface LedgerEntry {
  seq: number;
  patientSeq: number;
  time: string;
  action: string;
  actor: { name: string; role: string; organization?: string | null };
  what: string | null;
  count: number;
  ground: string | null;
  purpose: string | null;
  grant?: number | string | null;
  entry: string;
  r: string;
  leaf: string;
}

export interface LedgerPage {
  entries: LedgerEntry[];
  next: string | null;
  total: number;
}

export interface CheckpointAnswer {
  text: string;
  origin: string;
  size: number;
  root: string;
  publicKey: string;
}

export interface ProofAnswer {
  hashes: string[];
}

export type NoticeKind = "access-request" | "grant" | "revoked" | "read" | "record" | "security";

export interface Notice {
  id: number | string;
  time: string;
  kind: NoticeKind;
  title: string;
  body: string;
  link: string | null;
  read: boolean;
}

export interface MyPatient {
  id: string;
  name: string;
  birthDate: string | null;
  age: number | null;
  gender: Gender | null;
  grant: {
    id: number | string;
    until: string | null;
    categories: Category[] | null;
    labels: Label[];
    purpose: Purpose;
    via: string;
  };
  lastUpdated: string | null;
}

export interface User {
  id: number;
  username: string;
  name: string;
  role: Role;
  state: "active" | "locked";
  created: string;
  lastSeen: string | null;
  organizations: Named[];
}

export interface UserDraft {
  username: string;
  password: string;
  role: Role;
  name: string;
  organizations?: string[];
  email?: string;
}

export interface Organization {
  id: string;
  name: string;
  city: string | null;
  members: number;
}

export interface LedgerState {
  size: number;
  root: string;
  checkpoint: string;
  lastCheckpointTime: string | null;
  verified: { time: string; size: number; ok: boolean; detail: string | null } | null;
}

export interface Health {
  version: string;
  started: string;
  database: { engine: string; bytes: number };
  process: { memoryBytes: number };
  counts: { accounts: number; patients: number; resources: number; grants: number };
  requests: { total: number; errors: number };
  checks: { name: string; state: "ok" | "warn" | "error"; detail: string }[];
}
