// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { setProfile } from "@/lib/profile";
import { type Answers, shown } from "@/ui/shown";
import { ChartsPage } from "./ChartsPage";
import { VitalTiles } from "./VitalTiles";

const NOT_SHARED = "Not part of your access: there may be entries that you do not see.";
const section = (category: string, empty: string | null) => ({
  code: category,
  title: category,
  category,
  entries: [],
  empty,
});

/** A record without readings, as its server tells of it to somebody who signed in. */
const record = (signedIn: { patient: string | null }): Answers => [
  [["session"], { account: signedIn }],
  [["record", "p", "series"], []],
  [
    ["record", "p", "summary"],
    { sections: [section("vital", NOT_SHARED), section("result", "No results are recorded here.")] },
  ],
];
const doctor = record({ patient: null });
const owner = record({ patient: "p" });

afterEach(() => setProfile(null));

describe("a record without readings", () => {
  it("says to a doctor that they are not part of the access, not that there are none", async () => {
    const tiles = await shown(<VitalTiles patient="p" most={4} />, doctor);
    expect(tiles.place.textContent).toBe(NOT_SHARED);
    const charts = await shown(<ChartsPage patient="p" />, doctor);
    expect(charts.place.textContent).toContain(NOT_SHARED);
    expect(charts.place.textContent).toContain("No results are recorded here.");
    expect(charts.place.textContent).not.toContain("No readings yet");
  });

  it("says to its owner what will come there", async () => {
    const tiles = await shown(<VitalTiles patient="p" most={4} />, owner);
    expect(tiles.place.textContent).toContain("Your blood pressure");
    const charts = await shown(<ChartsPage patient="p" />, owner);
    expect(charts.place.textContent).toContain("No readings yet");
  });

  it("says to whoever looks after it what their part leaves out", async () => {
    setProfile({ account: 1, id: "p", name: "Kim" });
    const tiles = await shown(<VitalTiles patient="p" most={4} />, owner);
    expect(tiles.place.textContent).toBe(NOT_SHARED);
  });
});
