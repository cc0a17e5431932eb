import { type ReactNode, useId, useRef } from "react";
import { Button } from "./Button";

interface FileButtonProps {
  children: ReactNode;
  /** The kinds of files that may be picked, such as `.pdf,.png`. */
  accept: string;
  kind?: "main" | "plain";
  icon?: ReactNode;
  busy?: boolean;
  /** Asks for a photograph at once, where the device has a camera. */
  capture?: boolean;
  onPick?: (file: File) => void;
  /** Asks for as many files as one likes. */
  onPickAll?: (files: File[]) => void;
}

/** A button that asks for a file, or for several. */
export function FileButton({ children, accept, kind, icon, busy, capture, onPick, onPickAll }: FileButtonProps) {
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
        multiple={onPickAll !== undefined}
        capture={capture ? "environment" : undefined}
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files[0]) onPick?.(files[0]);
          if (files.length > 0) onPickAll?.(files);
          // The same file may be picked again.
          event.currentTarget.value = "";
        }}
      />
      <Button kind={kind} icon={icon} busy={busy} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
