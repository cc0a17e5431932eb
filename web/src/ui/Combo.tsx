import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import css from "./Combo.module.css";
import field from "./Field.module.css";

interface Option {
  value: string;
  text: string;
  detail?: string;
}

interface ComboProps {
  label: string;
  value: string;
  /** What is offered for the text that stands there. */
  options: (text: string) => Option[];
  hint?: string;
  error?: string;
  /** What was typed, which need not be one of the options. */
  onText: (text: string) => void;
  onPick: (value: string, text: string) => void;
}

/** A field to type in that offers what it could be: arrows choose, Enter takes, Escape leaves what stands there. */
export function Combo({ label, value, options, hint, error, onText, onPick }: ComboProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const offered = open ? options(value) : [];
  const shown = offered.length > 0;
  const close = () => {
    setOpen(false);
    setAt(-1);
  };
  const pick = (option: Option) => {
    onPick(option.value, option.text);
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    const chosen = offered[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => (offered.length === 0 ? -1 : (now + by + offered.length) % offered.length));
    } else if (event.key === "Enter" && chosen) {
      // It takes the option; the form is for the next one.
      event.preventDefault();
      pick(chosen);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className={css.combo}>
      <TextInput
        label={label}
        size="md"
        withAsterisk={false}
        value={value}
        description={hint}
        error={error}
        autoComplete="off"
        role="combobox"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        classNames={{ input: field.input, label: field.label, description: field.hint, error: field.error }}
        onChange={(event) => {
          onText(event.currentTarget.value);
          setOpen(true);
          setAt(-1);
        }}
        onClick={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKey}
        // While the list is open, Escape closes the list and not the dialog around it.
        data-mantine-stop-propagation={shown || undefined}
      />
      {shown && (
        <div id={id} role="listbox" aria-label={label} className={css.options}>
          {offered.map((option, i) => (
            <div
              key={option.value}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              // Before the field loses focus and the list with it.
              onMouseDown={(event) => {
                event.preventDefault();
                pick(option);
              }}
            >
              <span>{option.text}</span>
              {option.detail && <small>{option.detail}</small>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
