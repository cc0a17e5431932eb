// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { keepPurposeOf, readFor, readsFor } from "@/lib/purpose";
import { get, post } from "./client";

afterEach(() => {
  vi.unstubAllGlobals();
  keepPurposeOf(0, "nobody");
});

it("is said with what is read, and not with what is changed", async () => {
  const sent: (string | undefined)[] = [];
  vi.stubGlobal("fetch", async (_: string, { headers }: { headers: Record<string, string> }) => {
    sent.push(headers["X-Purpose"]);
    return new Response("{}", { headers: { "Content-Type": "application/json" } });
  });
  vi.stubGlobal("location", { assign: () => {} });
  await get("/api/my-patients");
  readFor(7, "research");
  await get("/api/my-patients");
  await post("/api/requests", {});
  readFor(7, "treatment");
  await get("/api/my-patients");
  expect(sent).toEqual([undefined, "research", undefined, undefined]);
});

it("is not inherited by another account or role", () => {
  vi.stubGlobal("location", { assign: () => {} });
  for (const [account, role, left] of [
    [7, "practitioner", "research"],
    [8, "practitioner", "treatment"],
    [7, "administrator", "treatment"],
  ] as const) {
    readFor(7, "research");
    keepPurposeOf(account, role);
    expect(readsFor()).toBe(left);
  }
});
