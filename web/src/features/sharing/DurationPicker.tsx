import { useTranslation } from "react-i18next";
import { addDays, isoDay } from "@/lib/dates";
import { RadioList, TextField } from "@/ui/Field";
import { DURATIONS, type Duration, isOver, MOST_DAYS } from "./durations";

interface PickerProps {
  value: Duration;
  day: string;
  onChange: (value: Duration, day: string) => void;
}

export function DurationPicker({ value, day, onChange }: PickerProps) {
  const { t } = useTranslation();
  return (
    <>
      <RadioList
        label={t("wizard.howLong")}
        hideLabel
        value={value}
        onPick={(next) => onChange(next, day)}
        options={DURATIONS.map((each) => ({
          value: each,
          label: t(`duration.${each}`),
          hint: each === "open" ? t("duration.openHint") : undefined,
        }))}
      />
      {value === "custom" && (
        <TextField
          label={t("duration.lastDay")}
          type="date"
          min={isoDay(new Date())}
          max={isoDay(addDays(new Date(), MOST_DAYS))}
          value={day}
          onText={(next) => onChange(value, next)}
          error={isOver(value, day, new Date()) ? t("duration.over") : undefined}
        />
      )}
    </>
  );
}
