import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Chip.module.css";

export type Tone = "neutral" | "accent" | "high" | "low" | "warn" | "ok";

/** A word with a colour; the word alone says it all. */
export function Tag({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`${css.tag} ${css[tone]}`}>
      {icon}
      {children}
    </span>
  );
}

interface ChipProps {
  pressed: boolean;
  onPress: () => void;
  count?: number;
  children: ReactNode;
}

/** A filter that is on or off. */
export function Chip({ pressed, onPress, count, children }: ChipProps) {
  return (
    <button type="button" className={css.chip} aria-pressed={pressed} onClick={onPress}>
      {pressed && <IconCheck size={16} aria-hidden />}
      {children}
      {count !== undefined && <span className={css.count}>{count}</span>}
    </button>
  );
}

/** Chips on one line that scrolls sideways on a phone. */
export function ChipBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className={css.bar}>
      <legend className="visually-hidden">{label}</legend>
      {children}
    </fieldset>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: { value: T; text: string }[];
  onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className={css.choice}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </fieldset>
  );
}
