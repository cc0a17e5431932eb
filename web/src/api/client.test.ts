import { afterEach, describe, expect, it, vi } from "vitest";
import { get, Problem, post, upload, whenConfirmationIsNeeded } from "./client";

const answer = (status: number, body: unknown) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
const stepUp = () => answer(401, { kind: "step-up", detail: "Confirm it is you." });

function serve(...answers: Response[]) {
  const fetched = vi.fn(async (_path: string, _init: RequestInit) => answers.shift() ?? answer(500, {}));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe("an act that needs a fresh proof", () => {
  it("asks for it, and then repeats itself with the same words", async () => {
    const fetched = serve(stepUp(), answer(201, { codes: [] }));
    const ask = vi.fn(async () => true);
    const forget = whenConfirmationIsNeeded(ask);
    expect(await post("/api/auth/recovery-codes", { a: 1 })).toEqual({ codes: [] });
    forget();
    expect(ask).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls.map(([path, init]) => [path, init.body])).toEqual([
      ["/api/auth/recovery-codes", '{"a":1}'],
      ["/api/auth/recovery-codes", '{"a":1}'],
    ]);
  });

  it("fails when nobody confirms, and asks only once", async () => {
    const fetched = serve(stepUp(), stepUp());
    const forget = whenConfirmationIsNeeded(async () => false);
    await expect(post("/api/grants", {})).rejects.toMatchObject({ status: 401, kind: "step-up" });
    forget();
    expect(fetched).toHaveBeenCalledTimes(1);
    serve(stepUp(), stepUp());
    const again = whenConfirmationIsNeeded(async () => true);
    await expect(post("/api/grants", {})).rejects.toMatchObject({ kind: "step-up" });
    again();
  });

  it("is not confused with the end of a session", async () => {
    serve(answer(401, { kind: "login", detail: "Sign in." }));
    const ask = vi.fn(async () => true);
    const forget = whenConfirmationIsNeeded(ask);
    await expect(get("/api/inbox")).rejects.toBeInstanceOf(Problem);
    forget();
    expect(ask).not.toHaveBeenCalled();
  });
});

describe("a file", () => {
  it("travels as it is, its name in the address", async () => {
    const fetched = serve(answer(201, {}));
    const file = new File(["%PDF-1.7"], "licence é.pdf");
    await upload("/api/verification/documents", file, { name: file.name });
    const [path, init] = fetched.mock.calls[0] ?? [];
    expect(path).toBe("/api/verification/documents?name=licence+%C3%A9.pdf");
    expect(init?.body).toBe(file);
    expect(init?.headers).toMatchObject({ "Content-Type": "application/octet-stream" });
  });
});
