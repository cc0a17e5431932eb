import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CATEGORIES, type Category, COMPARTMENTS, type Compartment, LABELS, type Label } from "@/api/types";
import { myVault } from "@/api/vault";
import { openProfile } from "@/lib/profile";
import { CheckField, RadioList, TextField } from "@/ui/Field";
import type { Choice } from "./choice";
import css from "./Sharing.module.css";
import { sealedText } from "./scope";

interface StepProps {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
}

/** Which parts of the record, from which years, and which sensitive areas: none unless ticked. */
export function WhatStep({ choice, onChange }: StepProps) {
  const { t } = useTranslation();
  const setCategory = (category: Category, on: boolean) =>
    onChange({ categories: CATEGORIES.filter((each) => (each === category ? on : choice.categories.includes(each))) });
  const setLabel = (label: Label, on: boolean) =>
    onChange({ labels: LABELS.filter((each) => (each === label ? on : choice.labels.includes(each))) });
  const backwards = choice.from !== "" && choice.to !== "" && choice.from > choice.to;
  return (
    <>
      <RadioList
        label={t("wizard.parts")}
        hideLabel
        value={choice.everything ? "everything" : "some"}
        onPick={(value) => onChange({ everything: value === "everything" })}
        options={[
          { value: "everything", label: t("wizard.everything"), hint: t("wizard.everythingHint") },
          { value: "some", label: t("wizard.some"), hint: t("wizard.someHint") },
        ]}
      />
      {!choice.everything && (
        <fieldset>
          <legend className={css.legend}>{t("wizard.categories")}</legend>
          <div className={css.checks}>
            {CATEGORIES.map((category) => (
              <CheckField
                key={category}
                label={t(`category.${category}`)}
                checked={choice.categories.includes(category)}
                onCheck={(on) => setCategory(category, on)}
              />
            ))}
          </div>
        </fieldset>
      )}
      <fieldset className="stack">
        <legend className={css.legend}>{t("wizard.periodTitle")}</legend>
        <div className="two">
          <TextField label={t("wizard.from")} type="date" value={choice.from} onText={(from) => onChange({ from })} />
          <TextField
            label={t("wizard.to")}
            type="date"
            value={choice.to}
            onText={(to) => onChange({ to })}
            error={backwards ? t("wizard.backwards") : undefined}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend className={css.legend}>{t("wizard.sensitiveTitle")}</legend>
        <p className="muted small">{t("wizard.sensitiveHint")}</p>
        <div className={css.checks}>
          {LABELS.map((label) => (
            <CheckField
              key={label}
              label={t(`label.${label}`)}
              checked={choice.labels.includes(label)}
              onCheck={(on) => setLabel(label, on)}
            />
          ))}
        </div>
      </fieldset>
      <SealedChoice choice={choice} onChange={onChange} />
    </>
  );
}

/** Sealed documents are given to a doctor, by compartment; who has no vault has none to give. */
function SealedChoice({ choice, onChange }: StepProps) {
  const { t } = useTranslation();
  const person = choice.who?.type === "practitioner" && !openProfile();
  const mine = useQuery({ ...myVault, enabled: person });
  if (!person || !mine.data?.vault) return null;
  const set = (compartment: Compartment, on: boolean) =>
    onChange({ sealed: COMPARTMENTS.filter((each) => (each === compartment ? on : choice.sealed.includes(each))) });
  return (
    <fieldset>
      <legend className={css.legend}>{t("sealed.title")}</legend>
      <p className="muted small">{t("sealed.shareHint")}</p>
      <div className={css.checks}>
        {COMPARTMENTS.map((compartment) => (
          <CheckField
            key={compartment}
            label={t("sealed.shareOne", { name: sealedText(t, [compartment]) })}
            checked={choice.sealed.includes(compartment)}
            onCheck={(on) => set(compartment, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}
