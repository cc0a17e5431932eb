import { useTranslation } from "react-i18next";
import type { EditChange } from "@/api/types";
import { kindName } from "@/fhir/kinds";
import { sentence } from "@/fhir/words";
import { Tag } from "@/ui/Chip";
import css from "./Edits.module.css";
import { said } from "./said";

const TONES = { add: "ok", correct: "accent", remove: "high" } as const;

/** One change in plain words: what it is, and each part before and after. */
export function Difference({ change }: { change: EditChange }) {
  const { t, i18n } = useTranslation();
  const label = (element: string) =>
    i18n.exists(`element.${element}`) ? t(`element.${element}` as "element.code") : sentence(element);
  return (
    <div className="stack">
      <div className={css.head}>
        <Tag tone={TONES[change.act]}>{t(`edits.act.${change.act}`)}</Tag>
        <h3>{change.title}</h3>
        <span className="muted small">{kindName(t, change.type)}</span>
      </div>
      <dl className={css.lines}>
        {change.lines
          .map((each) => ({ element: each.element, ...said(each, i18n.language, t) }))
          .map((line) => (
            <div key={line.element} className={css.line}>
              <dt>{label(line.element)}</dt>
              <dd>
                {line.before !== null && change.act !== "add" && (
                  <del>
                    <span className="visually-hidden">{t("edits.before")} </span>
                    {line.before}
                  </del>
                )}
                {line.before !== null && line.after !== null && " \u2192 "}
                {line.after !== null && (
                  <ins>
                    {line.before !== null && <span className="visually-hidden">{t("edits.after")} </span>}
                    {line.after}
                  </ins>
                )}
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
