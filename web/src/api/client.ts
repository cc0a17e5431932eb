// The only place that talks to the server. The session is an HttpOnly cookie, so no secret passes through here.

import { openProfile } from "@/lib/profile";
import { readsFor } from "@/lib/purpose";

export interface Issue {
  path: string;
  code: string;
  text: string;
}

/** An answer that is not a success, in the server's own words where it gave any. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly detail: string;
  readonly issues: Issue[];
  readonly retryAfter: number | null;

  constructor(status: number, kind: string, detail: string, issues: Issue[] = [], retryAfter: number | null = null) {
    super(detail || kind);
    this.name = "Problem";
    this.status = status;
    this.kind = kind;
    this.detail = detail;
    this.issues = issues;
    this.retryAfter = retryAfter;
  }

  issue(path: string): string | undefined {
    return this.issues.find((issue) => issue.path === path)?.text;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>("GET", address(path, query), undefined, signal);

export const post = <T = void>(path: string, body?: unknown): Promise<T> => send<T>("POST", path, body);

export const put = <T>(path: string, body: unknown): Promise<T> => send<T>("PUT", path, body);

/** Writes over exactly the version that was read; a newer one is a 412. */
export const putOver = <T>(path: string, version: string | undefined, body: unknown): Promise<T> =>
  send<T>("PUT", path, body, undefined, version ? { "If-Match": `W/"${version}"` } : {});

export const remove = (path: string): Promise<void> => send<void>("DELETE", path);
/** Sends JSON that is text already: a number keeps the digits it was typed with. The same again under the same key is done once. */
export const postJson = <T>(path: string, json: string, key?: string): Promise<T> => {
  const headers = key ? { "Idempotency-Key": key } : undefined;
  return send<T>("POST", path, new Blob([json], { type: "application/json" }), undefined, headers);
};

/** A key under which a request is sent, and sent again when its answer was lost. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Sends a file as it is. */
export const upload = <T>(path: string, file: File, query: Query): Promise<T> =>
  send<T>("POST", address(path, query), file);

/** Asks whoever sits there to prove again who they are; false when they would rather not. */
export type Confirming = () => Promise<boolean>;

let confirming: Confirming | null = null;

/** Some acts need a proof that is fresh. Whoever registers here is asked for it, and the act then repeats itself. */
export function whenConfirmationIsNeeded(ask: Confirming): () => void {
  confirming = ask;
  return () => {
    if (confirming === ask) confirming = null;
  };
}

/** What an address answers, to the letter: a number keeps its digits. */
export const getText = async (path: string): Promise<string> => (await respond("GET", path)).text();

async function send<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  headers?: Record<string, string>,
): Promise<T> {
  const text = await (await respond(method, path, body, signal, headers)).text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** What an address answers, byte for byte. */
export const getBlob = async (path: string): Promise<Blob> => (await respond("GET", path)).blob();

async function respond(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  let response = await once(method, path, body, headers, signal);
  if (response.status === 401 && confirming) {
    const problem = await toProblem(response);
    if (problem.kind !== "step-up" || !(await confirming())) throw problem;
    response = await once(method, path, body, headers, signal);
  }
  if (!response.ok) throw await toProblem(response);
  return response;
}

async function once(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  const file = body instanceof Blob;
  try {
    return await fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      headers: {
        ...headers,
        Accept: ACCEPT,
        // Whose record is meant, while another's is open; what is about the account itself does not look at it.
        ...(openProfile() ? { "X-Record": openProfile()?.id } : {}),
        ...(method === "GET" && readsFor() !== "treatment" ? { "X-Purpose": readsFor() } : {}),
        ...(body === undefined
          ? {}
          : {
              "Content-Type":
                file && body.type !== "application/json" ? "application/octet-stream" : "application/json",
            }),
      },
      body: body === undefined ? undefined : file ? body : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(0, "offline", "");
  }
}

const ACCEPT = "application/fhir+json, application/json;q=0.9";

/** One issue of an OperationOutcome. */
interface Outcome {
  code?: string;
  details?: { text?: string };
  diagnostics?: string;
  expression?: string[];
}

async function toProblem(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const body = await response.json();
    if (body.resourceType === "OperationOutcome") {
      const first = body.issue?.[0];
      const said = (issue: Outcome) => issue.details?.text ?? issue.diagnostics ?? "";
      const issues = ((body.issue ?? []) as Outcome[]).flatMap((issue) =>
        issue.expression?.[0] ? [{ path: issue.expression[0], code: issue.code ?? "", text: said(issue) }] : [],
      );
      return new Problem(response.status, first?.code ?? "", first ? said(first) : "", issues, retryAfter);
    }
    return new Problem(
      response.status,
      body.kind ?? "",
      body.detail ?? body.title ?? "",
      body.issues ?? [],
      retryAfter,
    );
  } catch {
    return new Problem(response.status, "", "", [], retryAfter);
  }
}

/** What the server found wrong with one field. */
export const issueOf = (error: unknown, path: string): string | undefined =>
  error instanceof Problem ? error.issue(path) : undefined;

export const isGone = (error: unknown): boolean =>
  error instanceof Problem && (error.status === 404 || error.status === 410);
