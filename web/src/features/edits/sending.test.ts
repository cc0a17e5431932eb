import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Kept, type Proposed, sendEntry } from "./sending";

/** A server that keeps drafts, of which single answers are lost. */
function server() {
  const drafts: { state: string; resource: string; key: string | null }[] = [];
  const lost = { before: "", after: "" };
  const refused = { once: false };
  vi.stubGlobal("fetch", async (path: string, { method = "GET", body, headers }: RequestInit = {}) => {
    const act = path.split("/").at(-1) ?? "";
    if (lost.before === act) throw new TypeError("Failed to fetch");
    const said = body instanceof Blob ? await body.text() : String(body ?? "");
    const id = Number(/edits\/(\d+)/.exec(path)?.[1]);
    const key = new Headers(headers).get("Idempotency-Key");
    const known = drafts.findIndex((each) => key !== null && each.key === key);
    if (path === "/api/edits" && refused.once) {
      refused.once = false;
      return new Response(JSON.stringify({ kind: "invalid", detail: "A rule is broken." }), { status: 422 });
    }
    if (path === "/api/edits" && known < 0) drafts.push({ state: "waiting", resource: said, key });
    if (path === "/api/edits" && known >= 0) expect(said).toBe(drafts[known]?.resource);
    const draft = drafts[path === "/api/edits" ? (known < 0 ? drafts.length - 1 : known) : id];
    if (!draft) throw new Error(`${method} ${path}`);
    if (act === "change") draft.resource = said;
    if (act === "land") draft.state = "landed";
    if (lost.after === act) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify({ id: drafts.indexOf(draft), ...draft }));
  });
  return { drafts, lost, refused };
}

const entry = (said: string, open = true): Proposed => ({
  patient: "p",
  reason: "Told today",
  resource: `{"what":"${said}"}`,
  said,
  open,
});
let kept: Kept | null = null;
const send = (proposed: Proposed) =>
  sendEntry(proposed, kept, (now) => {
    kept = now;
  });

beforeEach(() => {
  kept = null;
});
afterEach(() => vi.unstubAllGlobals());

describe("an entry of a visit of which the landing was lost", () => {
  it("is drafted once: the second try lands the draft that is there", async () => {
    const { drafts, lost } = server();
    lost.before = "land";
    await expect(send(entry("Gout"))).rejects.toThrow();
    expect(drafts.map(({ state }) => state)).toEqual(["waiting"]);
    lost.before = "";
    expect(await send(entry("Gout"))).toBe("landed");
    expect(drafts.map(({ state }) => state)).toEqual(["landed"]);
    expect(await send(entry("Asthma"))).toBe("landed");
    expect(drafts).toHaveLength(2);
  });

  it("is drafted once also when the answer to the drafting was lost", async () => {
    const { drafts, lost } = server();
    lost.after = "edits";
    await expect(send(entry("Gout", false))).rejects.toThrow();
    await expect(send(entry("Gout", false))).rejects.toThrow();
    lost.after = "";
    expect(await send(entry("Gout", false))).toBe("waits");
    expect(drafts).toHaveLength(1);
    expect(await send(entry("Gout", false))).toBe("waits");
    expect(drafts).toHaveLength(2);
  });

  it("goes on with the draft of which the answer was lost when the form says something else since", async () => {
    const { drafts, lost } = server();
    lost.after = "edits";
    await expect(send(entry("Gout"))).rejects.toThrow();
    lost.after = "";
    expect(await send(entry("Severe gout"))).toBe("landed");
    expect(drafts).toHaveLength(1);
    expect(drafts[0]?.resource).toContain("Severe gout");
  });

  it("is a new one after the server refused it", async () => {
    const { drafts, refused } = server();
    refused.once = true;
    await expect(send(entry("Gout"))).rejects.toThrow();
    expect(kept).toBeNull();
    expect(await send(entry("Severe gout"))).toBe("landed");
    expect(drafts[0]?.resource).toContain("Severe gout");
  });

  it("lands as it was changed meanwhile", async () => {
    const { drafts, lost } = server();
    lost.before = "land";
    await expect(send(entry("Gout"))).rejects.toThrow();
    lost.before = "";
    expect(await send(entry("Severe gout"))).toBe("landed");
    expect(drafts).toHaveLength(1);
    expect(drafts[0]?.resource).toContain("Severe gout");
  });

  it("waits for the patient when the visit ended in between", async () => {
    const { drafts, lost } = server();
    lost.before = "land";
    await expect(send(entry("Gout"))).rejects.toThrow();
    expect(await send(entry("Gout", false))).toBe("waits");
    expect(drafts.map(({ state }) => state)).toEqual(["waiting"]);
  });

  it("is not put in again when only the answer was lost", async () => {
    const { drafts, lost } = server();
    lost.after = "land";
    await expect(send(entry("Gout"))).rejects.toThrow();
    expect(await send(entry("Gout"))).toBe("landed");
    await expect(send(entry("Asthma"))).rejects.toThrow();
    expect(await send(entry("Severe asthma"))).toBe("earlier");
    expect(drafts).toHaveLength(2);
  });

  it("is drafted anew once the patient has declined it", async () => {
    const { drafts, lost } = server();
    lost.before = "land";
    await expect(send(entry("Gout"))).rejects.toThrow();
    lost.before = "";
    if (drafts[0]) drafts[0].state = "declined";
    expect(await send(entry("Gout"))).toBe("landed");
    expect(drafts.map(({ state }) => state)).toEqual(["declined", "landed"]);
  });
});
