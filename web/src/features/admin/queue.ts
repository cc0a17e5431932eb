import type { Verification } from "@/api/types";

type Checks = Pick<Verification, "checks">[];

/** Where an administrator begins: at whoever nobody has checked yet, or else at whoever waits for a second one's check. */
export function beginsWith(waiting: Checks, checked: Checks): "waiting" | "checked" {
  const forMe = checked.some(({ checks }) => !checks.some((check) => check.mine));
  return waiting.length === 0 && forMe ? "checked" : "waiting";
}
