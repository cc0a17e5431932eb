import { useTranslation } from "react-i18next";
import type { DocumentValue } from "@/api/types";
import { plainUnit } from "@/lib/format";
import { Confirm } from "@/ui/Dialog";
import { When } from "@/ui/When";
import css from "./Review.module.css";
import type { Draft, Fault } from "./values";

interface CertainProps {
  open: boolean;
  values: DocumentValue[];
  draft: (value: DocumentValue) => Draft;
  faults: (value: DocumentValue) => Fault[];
  onClose: () => void;
  onConfirm: () => void;
}

/** A look at all that is certain before it is confirmed in one go. */
export function CertainDialog({ open, values, draft, faults, onClose, onConfirm }: CertainProps) {
  const { t } = useTranslation();
  const ready = values.filter((value) => faults(value).length === 0);
  const days = new Set(ready.map((value) => draft(value).date));
  const [day] = days;
  return (
    <Confirm
      open={open}
      title={t("documents.review.lookTitle")}
      confirm={t("documents.review.confirmAll", { count: ready.length })}
      disabled={ready.length === 0}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <div className="stack">
        <p>{t("documents.review.lookText")}</p>
        {day && days.size === 1 && (
          <p>
            {t("documents.review.sampleOn")} <When value={day} />
          </p>
        )}
        <table className={css.look}>
          <thead>
            <tr>
              <th scope="col">{t("documents.review.test")}</th>
              <th scope="col">{t("documents.review.value")}</th>
              <th scope="col">{t("documents.review.range")}</th>
              {days.size > 1 && <th scope="col">{t("documents.review.date")}</th>}
            </tr>
          </thead>
          <tbody>
            {ready.map((value) => {
              const { label, result, unit, low, high, date } = draft(value);
              return (
                <tr key={value.n}>
                  <th scope="row">{label}</th>
                  <td>
                    {result} {plainUnit(unit)}
                  </td>
                  <td>{low || high ? `${low || "\u2026"} \u2013 ${high || "\u2026"}` : ""}</td>
                  {days.size > 1 && (
                    <td>
                      <When value={date} />
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
        {ready.length < values.length && (
          <p className="muted small">{t("documents.review.lacking", { count: values.length - ready.length })}</p>
        )}
      </div>
    </Confirm>
  );
}
