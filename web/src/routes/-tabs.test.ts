import { expect, test } from "vitest";
import { type Account, type Delegation, LABELS } from "@/api/types";
import { leadingOn, tabsFor } from "./-tabs";

const account = { role: "patient", patient: "p1" } as Account;
const tabs = tabsFor(account, 0, ((key: string) => key) as never);
const held = (acts: boolean, part: boolean) =>
  ({ acts, categories: part ? ["vital"] : null, labels: part ? [] : LABELS }) as unknown as Delegation;
const left = (by: Delegation | undefined) => leadingOn(tabs, by).map((tab) => tab.to);

test("whoever looks after all of a record finds every way, also who only looks", () => {
  expect(left(held(true, false))).toEqual(tabs.map((tab) => tab.to));
  expect(left(held(false, false))).toEqual(tabs.map((tab) => tab.to));
});

test("whoever looks after a part finds no way that ends in a refusal", () => {
  for (const refused of ["/cases"]) expect(left(held(true, true))).not.toContain(refused);
  for (const refused of ["/cases", "/sharing", "/changes"]) {
    expect(left(held(false, true))).not.toContain(refused);
    expect(left(undefined)).not.toContain(refused);
  }
  for (const open of ["/home", "/record/$patient", "/ledger", "/documents"]) {
    expect(left(held(false, true))).toContain(open);
  }
  expect(left(held(true, true))).toContain("/sharing");
});
