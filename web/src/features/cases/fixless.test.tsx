// @vitest-environment happy-dom
import { createElement } from "react";
import { expect, it } from "vitest";
import type { AccessCase, Role } from "@/api/types";
import "@/lib/laterWords";
import { linked, shown } from "@/ui/shown";
import { CaseCard } from "./CaseCard";

const correction = (record: string | null): AccessCase => ({
  id: 1,
  kind: "correction",
  patient: "Asha Rao",
  record,
  reader: { name: "Dr. Kim Lee", role: "practitioner", organization: null },
  entry: null,
  about: { type: "Condition", id: "c", title: "Asthma", date: null },
  proposal: null,
  outcome: null,
  state: "waiting",
  opened: "2026-11-01T10:00:00Z",
  due: null,
  overdue: false,
  may: ["say", "decline"],
  messages: [],
});

it("a doctor proposes a correction of what they may see, and is told what is missing for it otherwise", async () => {
  const card = (record: string | null, role: Role) =>
    shown(linked(createElement(CaseCard, { one: correction(record), role })));
  const covered = await card("p", "practitioner");
  const buttons = (place: HTMLElement) => [...place.querySelectorAll("button")].map((each) => each.textContent);
  expect(buttons(covered.place)).toContain("Propose a correction");
  const other = await card(null, "practitioner");
  expect(buttons(other.place)).not.toContain("Propose a correction");
  expect(other.place.textContent).toContain("it was removed since");
  const administrator = await card(null, "administrator");
  expect(administrator.place.textContent).not.toContain("was removed since");
});
