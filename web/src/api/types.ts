// The shapes of the HTTP API by their short names. They are generated from openapi.json (`npm run types`); only what that
// description leaves open is said here.
import type { components } from "./schema.gen";

type Shape = components["schemas"];

export type Category = Shape["Category"];
export type Label = Shape["Label"];
export type Purpose = Shape["GrantPurpose"];
export type Role = Shape["Account"]["role"];
export type Flag = Shape["Flag"];
export type NoticeKind = Shape["NoticeKind"];
export type Delegation = Shape["Delegation"];

/** In the order in which people look for them. */
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
  "person",
  "other",
] as const satisfies readonly Category[];

export const LABELS = [
  "mental-health",
  "sexual-health",
  "hiv",
  "genetics",
  "substance-use",
  "violence",
] as const satisfies readonly Label[];

/** Areas of sealed documents. */
export const COMPARTMENTS = ["general", ...LABELS] as const satisfies readonly Compartment[];

export const ROLES = ["patient", "practitioner", "administrator", "service"] as const satisfies readonly Role[];
/** What a patient can give access for; an emergency is declared by a practitioner. */
export const PURPOSES = ["treatment", "research", "operations"] as const satisfies readonly Purpose[];
export const GENDERS = ["female", "male", "other", "unknown"] as const;

export type Gender = (typeof GENDERS)[number];
export type Counts = Partial<Record<Category, number>>;

export type ErasureReceipt = Shape["ErasureReceipt"];
export type Account = Shape["Account"] & { email?: string };
export type SignInMethod = "passkey" | "password" | "code" | "recovery" | "face" | "token" | "federated";
export interface Session {
  account: Account;
  expires: string;
  idleSeconds: number;
  /** Came in by a code alone: the account is open, the record is not. */
  limited?: boolean;
  method?: SignInMethod;
  confirmedUntil?: string | null;
}
export type Registration = Omit<Shape["Registration"], "gender" | "session"> & { gender: Gender };
export type DemoAccount = Shape["DemoAccount"] & { role: Role };
export type SignedInDevice = Shape["Device"] & {
  kind: Shape["SessionKind"];
  expires?: string;
  /** The address it came from. */
  place?: string | null;
  method?: SignInMethod;
  limited?: boolean;
};

export interface EntryValue {
  text: string;
  number?: number | null;
  unit?: string | null;
  flag?: Flag | null;
}

export type Entry = Omit<Shape["RecordEntry"], "value"> & { value?: EntryValue | null };
export type SummaryEntry = Entry & { active?: boolean | null; times?: number | null };
export type Visit = Shape["Visit"];
export type Group = Omit<Shape["Group"], "entries"> & { entries: Entry[] };
export type Timeline = Omit<Shape["Timeline"], "groups" | "counts"> & { groups: Group[]; counts?: Counts | null };
export type PatientHeader = Omit<Shape["PatientHeader"], "gender"> & { gender: Gender | null };
export type SummarySection = Omit<Shape["Section"], "entries"> & { entries: SummaryEntry[] };
export interface Summary {
  patient: PatientHeader;
  sections: SummarySection[];
}
export type Outline = Omit<Shape["TimelineOutline"], "categories" | "labels"> & {
  categories: Counts;
  labels: Partial<Record<Label, number>>;
};
export type OutlineChoices = Shape["TimelineChoices"];
export type TimelineWindow = Shape["TimelineWindow"];
export type ComparedReading = Omit<Shape["ComparedReading"], "before" | "after"> & {
  before: Entry | null;
  after: Entry | null;
};
export type ComparedCourse = Omit<Shape["ComparedCourse"], "entry"> & { entry: Entry };
export interface Comparison {
  readings: ComparedReading[];
  courses: ComparedCourse[];
}
export type SeriesHead = Shape["SeriesHead"];
export type Series = Shape["Series"];
export type Limit = Shape["Limit"];

export type Grantee = Shape["GranteeParty"];
export type Grant = Shape["Grant"];
/** A draft says everything, so that nothing is left to a default. */
export type GrantDraft = Required<Omit<Shape["GrantForm"], "request">> & Pick<Shape["GrantForm"], "request">;
export type ConsentText = Shape["ConsentText"];
export type GrantVersion = Shape["GrantVersion"];
export type Labelled = Shape["Labelled"];
export type DeskCode = Shape["DeskCode"];
export type DeskGive = Required<Shape["DeskGiveForm"]>;
export type Meeting = Shape["DeskMeeting"];
export type GrantPreview = Omit<Shape["Preview"], "counts" | "hidden" | "groups"> & {
  counts: Counts;
  hidden: Counts;
  groups: Group[];
};
export type Compartment = Shape["Compartment"];
export type MyVault = Shape["MyVault"];
export type Vault = Shape["Vault"];
export type VaultWay = Shape["VaultWay"];
export type VaultForm = Shape["VaultForm"];
export type VaultWayForm = Shape["VaultWayForm"];
export type VaultOpening = Shape["VaultOpening"];
export type VaultOpenings = Shape["VaultOpenings"];
export type PublicKeys = Shape["VaultPublicKeys"];
export type SealedRecord = Shape["SealedRecord"];
export type SealedItem = Shape["SealedDocument"];
export type Sealing = Shape["Sealing"];
export type SealedCompartment = Shape["SealedCompartment"];
export type DirectoryItem = Shape["DirectoryItem"];
export type AccessRequest = Shape["AccessRequest"];
export type AccessRequestDraft = Shape["RequestForm"];

export type AccessCase = Shape["AccessCase"];
export type LedgerEntry = Shape["LedgerEntry"];
export type LedgerPage = Shape["LedgerPage"];
export type CheckpointAnswer = Shape["LedgerCheckpoint"];
export type ProofAnswer = Pick<Shape["InclusionProof"], "hashes">;

export type Notice = Shape["NoticeItem"];
export type NoticeWay = Shape["NoticeWay"];
export type NoticeWishes = Shape["NoticeWishes"];
export type Inbox = Shape["Inbox"];

export type MyPatient = Omit<Shape["MyPatient"], "gender"> & { gender: Gender | null };

export type User = Shape["User"];
export type UserPage = Shape["Users"];
export type UserDraft = Shape["NewUser"] & { role: Role };
export type Organization = Shape["Organization"];
export type Member = Shape["Member"];
export type OrganizationDraft = Shape["NewOrganization"];
export type LedgerWitness = Omit<Shape["LedgerWitness"], "state"> & {
  state: "signs" | "silent" | "stranger" | "dissents" | null;
};
export type LedgerState = Omit<Shape["LedgerState"], "witnesses"> & { witnesses: LedgerWitness[] };
export type Health = Shape["Health"];

export type AppRequest = Shape["AppRequest"];
export type AppRefusal = Shape["AppRefusal"];
export type Wish = Shape["Wish"];
export type ConnectedApp = Shape["ConnectedApp"];
export type LaunchableApp = Shape["AppName"];
export type RegisteredApp = Shape["RegisteredApp"];
export type AppKind = Shape["AppKind"];
export type AppDraft = Omit<Shape["AppForm"], "keys"> & { keys?: object[] };

export interface SignInOptions {
  passkey: { rpId: string; here: boolean; openAt: string | null };
  emailCode: boolean;
  password: boolean;
  register: boolean;
}
export type PasskeyRegistration = Omit<Registration, "password">;
export interface Passkey {
  id: number;
  name: string;
  created: string;
  lastUsed: string | null;
  synced: boolean;
  prf: boolean;
  /** In the future for one that was made without a full sign-in: it waits. */
  readyAt: string | null;
}
export interface SignInMethods {
  passkeys: Passkey[];
  password: { set: boolean; readyAt: string | null };
  recoveryCodes: { left: number; created: string | null };
  email: string | null;
  emailProved: boolean;
}

export type VerificationState = Shape["VerificationState"];
export type ClinicianDetails = Shape["ClinicianDetails"];
export type ClinicianDocument = Shape["Credential"];
export type Verification = Omit<Shape["Verification"], "missing"> & { missing: ("details" | "documents")[] };
export type Invited = Shape["Invited"];
export type OpenInvitation = Shape["OpenInvitation"];
export type FaceChallenge = Omit<Shape["FaceChallenge"], "prompts"> & { prompts: FacePrompt[] };
export type FacePrompt = Omit<Shape["FacePrompt"], "gesture"> & { gesture: Gesture };
export type FaceDevice = Shape["FaceDevice"];
export type FaceLook = Shape["FaceLook"];
export type FaceSwitch = Shape["FaceSwitch"];
export type FaceAnswer = Omit<Shape["FaceEnrolForm"], "name" | "consent">;
export type Gesture = "blink" | "smile" | "open-mouth" | "turn-left" | "turn-right" | "look-up";

export type Restriction = Shape["Restriction"];
export type HealthLink = Shape["HealthLink"];
/** A draft says everything, so that nothing is left to a default. */
export type HealthLinkDraft = Required<Shape["HealthLinkForm"]>;
export type EmergencyCard = Omit<Shape["EmergencyCard"], "gender"> & { gender: Gender | null };
export type EmergencyCardDraft = Shape["EmergencyCardForm"];
export type CardLine = Shape["CardLine"];
export type CardContact = Shape["Contact"];
export type SignInProvider = Shape["SignInProvider"];
export type SignInConnection = Shape["SignInConnection"];
export type Candidate = Shape["Candidate"];
export type Candidates = Shape["Candidates"];
export type Emergency = Shape["Emergency"];
export type DeclaredEmergency = Shape["DeclaredEmergency"];
export type Edit = Shape["Edit"];
export type EditChange = Shape["EditChange"];
export type HandedCode = Shape["HandedCode"];
export type VisitEditSession = Shape["VisitEditSession"];

export type DocumentKind = Shape["DocumentKind"];
/** A file in a record, as the lists and its own page show it. */
export type DocumentItem = Shape["Document"];
export type DocumentPage = Shape["Documents"];
/** A file that came in part. */
export type UnfinishedUpload = Shape["UnfinishedUpload"];
/** What is left out stays as it is. */
export type DocumentChange = Partial<Shape["DocumentChange"]>;
/** A place on a page, in parts of its width and height. */
export type Place = Shape["DocumentBox"];
export type ReadPage = Shape["DocumentPage"];
export type DocumentText = Shape["DocumentText"];
export type DocumentValue = Required<Shape["DocumentValue"]>;
export type ValueAnswer = Required<Shape["ValueForm"]>;
export type LabCode = Required<Shape["LabCode"]>;
