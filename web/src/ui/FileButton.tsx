import { type ReactNode, useId, useRef } from "react";
import { Button } from "./Button";

interface FileButtonProps {
  children: ReactNode;
  /** The kinds of files that may be picked, such as `.pdf,.png`. */
  accept: string;
  icon?: ReactNode;
  busy?: boolean;
  onPick: (file: File) => void;
}

/** A button that asks for one file. */
export function FileButton({ children, accept, icon, busy, onPick }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {children}
      </label>
      <input
        ref={input}
        id={id}
        className="visually-hidden"
        type="file"
        accept={accept}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onPick(file);
          // The same file may be picked again.
          event.currentTarget.value = "";
        }}
      />
      <Button icon={icon} busy={busy} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
