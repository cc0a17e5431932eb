import { Checkbox, NativeSelect, PasswordInput, Radio, Textarea, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import css from "./Field.module.css";

const shape = { input: css.input, label: css.label, description: css.hint, error: css.error };

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
}

type TextProps = FieldProps &
  Pick<
    ComponentProps<"input">,
    "name" | "value" | "required" | "autoComplete" | "inputMode" | "min" | "max" | "maxLength" | "minLength"
  > & {
    type?: "text" | "email" | "date" | "tel" | "number";
    onText: (value: string) => void;
    /** The writer goes on to something else. */
    onLeave?: () => void;
  };

export function TextField({ hint, error, onText, onLeave, ...rest }: TextProps) {
  return (
    <TextInput
      {...rest}
      onBlur={onLeave}
      size="md"
      withAsterisk={false}
      description={hint}
      error={error}
      classNames={shape}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

export function PasswordField({ hint, error, onText, ...rest }: Omit<TextProps, "type" | "inputMode" | "onLeave">) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      {...rest}
      size="md"
      withAsterisk={false}
      description={hint}
      error={error}
      classNames={{ ...shape, innerInput: css.inner, visibilityToggle: css.toggle }}
      visibilityToggleButtonProps={{ "aria-label": t("common.showPassword"), tabIndex: 0 }}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

export function LongText({
  hint,
  error,
  onText,
  ...rest
}: FieldProps & { value: string; required?: boolean; maxLength?: number; onText: (value: string) => void }) {
  return (
    <Textarea
      {...rest}
      size="md"
      rows={3}
      withAsterisk={false}
      description={hint}
      error={error}
      classNames={{ ...shape, input: css.area }}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

interface SelectProps<T extends string> extends FieldProps {
  value: T;
  options: { value: T; label: string }[];
  onPick: (value: T) => void;
  required?: boolean;
}

export function SelectField<T extends string>({ hint, error, onPick, options, ...rest }: SelectProps<T>) {
  return (
    <NativeSelect
      {...rest}
      data={options}
      size="md"
      withAsterisk={false}
      description={hint}
      error={error}
      classNames={shape}
      onChange={(event) => onPick(event.currentTarget.value as T)}
    />
  );
}

/** Looks for something while one types; the page decides how long to wait. */
export function SearchField({
  label,
  value,
  onText,
}: {
  label: string;
  value: string;
  onText: (value: string) => void;
}) {
  return (
    <TextInput
      type="search"
      aria-label={label}
      size="md"
      value={value}
      leftSection={<IconSearch size={20} aria-hidden />}
      classNames={{ input: css.input, section: css.section, root: css.search }}
      onChange={(event) => onText(event.currentTarget.value)}
      autoComplete="off"
      placeholder={label}
    />
  );
}

export function CheckField({
  label,
  hint,
  checked,
  disabled,
  onCheck,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onCheck: (checked: boolean) => void;
}) {
  return (
    <Checkbox
      label={label}
      description={hint}
      checked={checked}
      disabled={disabled}
      size="md"
      classNames={{
        root: css.check,
        body: css.checkBody,
        inner: css.inside,
        labelWrapper: css.checkWords,
        label: css.checkLabel,
        description: css.checkHint,
        input: css.box,
      }}
      onChange={(event) => onCheck(event.currentTarget.checked)}
    />
  );
}

interface RadioListProps<T extends string> {
  label: string;
  hideLabel?: boolean;
  value: T | null;
  options: { value: T; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  onPick: (value: T) => void;
}

/** One of several, each with room for a sentence. */
export function RadioList<T extends string>({ label, hideLabel, value, options, onPick }: RadioListProps<T>) {
  const name = useId();
  return (
    <fieldset className={css.radios}>
      <legend className={hideLabel ? "visually-hidden" : css.legend}>{label}</legend>
      {options.map((option) => (
        <Radio
          key={option.value}
          name={name}
          value={option.value}
          checked={option.value === value}
          disabled={option.disabled}
          label={option.label}
          description={option.hint}
          size="md"
          classNames={{
            root: css.radio,
            body: css.checkBody,
            inner: css.inside,
            labelWrapper: css.checkWords,
            label: css.checkLabel,
            description: css.checkHint,
            radio: css.dot,
          }}
          onChange={() => onPick(option.value)}
        />
      ))}
    </fieldset>
  );
}

export function Form({ children, onSubmit }: { children: ReactNode; onSubmit: () => void }) {
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
