import { useTranslation } from "react-i18next";
import { LongText, SelectField, TextField } from "@/ui/Field";
import css from "./Edits.module.css";
import { type FieldPlan, today } from "./forms";

interface FieldProps {
  field: FieldPlan;
  value: string;
  onText: (value: string) => void;
  error: string | undefined;
  /** What the choice of nothing is called where an entry stands already. */
  none?: string;
}

/** What is wrong with a field, of those that `faults` names. */
export function faultOf({ type }: FieldPlan, value = "") {
  if (value.trim() === "") return "propose.missing";
  return type === "number" ? "propose.number" : "propose.ahead";
}

export function FieldOf({ field, value, onText, error, none }: FieldProps) {
  const { t } = useTranslation();
  const label = t(`propose.field.${field.name as "what"}`);
  if (field.type === "select" && field.options) {
    const nothing = { value: "", label: none ?? t(field.required ? "propose.choose" : "propose.unsaid") };
    const options = field.options.map((each) => ({ value: each, label: t(`propose.option.${each as "active"}`) }));
    return (
      <SelectField
        label={label}
        value={value}
        options={[nothing, ...options]}
        onPick={onText}
        error={error}
        required={field.required}
      />
    );
  }
  if (field.type === "long")
    return (
      <div className={css.wide}>
        <LongText label={label} value={value} onText={onText} error={error} required={field.required} />
      </div>
    );
  return (
    <TextField
      label={label}
      type={field.type === "date" ? "date" : "text"}
      inputMode={field.type === "number" ? "decimal" : undefined}
      value={value}
      max={field.past ? today(new Date()) : undefined}
      onText={onText}
      error={error}
      required={field.required}
      autoComplete="off"
    />
  );
}
