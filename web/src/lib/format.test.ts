import { expect, test } from "vitest";
import { limitOf } from "./files";
import { plainUnit } from "./format";

test("units are written as laboratories print them", () => {
  const written = [
    ["umol/L", "\u00b5mol/L"],
    ["mg/uL", "mg/\u00b5L"],
    ["ug/dL", "\u00b5g/dL"],
    ["u[IU]/mL", "\u00b5IU/mL"],
    ["m[IU]/L", "mIU/L"],
    ["[IU]/L", "IU/L"],
    ["meq/L", "mEq/L"],
    ["10*3/uL", "\u00d710\u00b3/\u00b5L"],
    ["10*6/uL", "\u00d710\u2076/\u00b5L"],
    ["10*12/L", "\u00d710\u00b9\u00b2/L"],
    ["mm[Hg]", "mmHg"],
    ["mg/dL", "mg/dL"],
    ["units", "units"],
    ["sequence", "sequence"],
  ];
  expect(written.map(([unit]) => plainUnit(unit))).toEqual(written.map(([, plain]) => plain));
});

test("a limit of whole mebibytes is called by their number", () => {
  expect(limitOf(10_485_760, "en")).toBe("10 MB");
  expect(limitOf(5_500_000, "en")).toBe("5.5 MB");
});
