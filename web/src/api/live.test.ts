import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { Problem } from "./client";
import { myPatients } from "./doctor";
import { keysFor, renew, unanswered } from "./live";

describe("what a topic makes the app read again", () => {
  it("reads one record, or every open one, and the card that is made of one's own", () => {
    expect(keysFor("record:p1")).toEqual([["emergency-card"], ["record", "p1"]]);
    expect(keysFor("record:*")).toEqual([["emergency-card"], ["record"]]);
  });

  it("asks for open records again when a consent changed, so that a revoked one closes at once", () => {
    expect(keysFor("grants")).toContainEqual(["record"]);
    expect(keysFor("patients")).toContainEqual(["record"]);
  });

  it("does nothing for a topic it does not know", () => {
    expect(keysFor("weather")).toEqual([]);
  });
});

describe("reading again", () => {
  const stale = (client: QueryClient, patient: string) =>
    client.getQueryState(["record", patient, "summary"])?.isInvalidated;

  it("leaves a record alone that no consent covers any more", async () => {
    const client = new QueryClient();
    client.setQueryData(myPatients().queryKey, [{ id: "kept" }] as never);
    for (const patient of ["kept", "gone"]) client.setQueryData(["record", patient, "summary"], {});
    await renew(client, ["grants", "record:gone", "record:kept"]);
    expect(stale(client, "kept")).toBe(true);
    expect(stale(client, "gone")).toBe(false);
  });

  it("reads one's own record again, for which there is no list", async () => {
    const client = new QueryClient();
    client.setQueryData(["record", "mine", "summary"], {});
    await renew(client, ["record:mine"]);
    expect(stale(client, "mine")).toBe(true);
  });

  it("knows what it could not read again, and asks for nothing else", async () => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
    const watch = (key: string[], error: Error) => {
      const failing = () => Promise.reject(error);
      new QueryObserver(client, { queryKey: key, queryFn: failing }).subscribe(() => {});
    };
    watch(["grants"], new Problem(0, "offline", ""));
    watch(["edits"], new Problem(404, "not-found", ""));
    await new Promise((done) => setTimeout(done));
    expect(unanswered(client, ["grants"])).toBe(true);
    expect(unanswered(client, ["edits", "inbox"])).toBe(false);
  });

  it("asks for nothing more once the session is over", async () => {
    const client = new QueryClient();
    client.setQueryData(["session"], null);
    client.setQueryData(["devices"], []);
    await renew(client, ["session", "inbox"]);
    expect(client.getQueryState(["devices"])?.isInvalidated).toBe(false);
    client.setQueryData(["session"], { account: {} });
    await renew(client, ["session"]);
    expect(client.getQueryState(["devices"])?.isInvalidated).toBe(true);
  });
});
