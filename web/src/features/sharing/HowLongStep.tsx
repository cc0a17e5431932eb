import { useTranslation } from "react-i18next";
import { PURPOSES } from "@/api/types";
import { LongText, SelectField } from "@/ui/Field";
import type { Choice } from "./choice";
import { DurationPicker } from "./DurationPicker";

export function HowLongStep({ choice, onChange }: { choice: Choice; onChange: (part: Partial<Choice>) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <DurationPicker
        value={choice.duration}
        day={choice.day}
        onChange={(duration, day) => onChange({ duration, day })}
      />
      <SelectField
        label={t("wizard.purpose")}
        value={choice.purpose}
        options={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))}
        onPick={(purpose) => onChange({ purpose })}
      />
      <LongText
        label={t("wizard.note")}
        hint={t("wizard.noteHint")}
        value={choice.note}
        maxLength={500}
        onText={(note) => onChange({ note })}
      />
    </>
  );
}
