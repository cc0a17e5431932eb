import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from "react";
import css from "./Button.module.css";

interface Look {
  /** `main` once per page; `danger` where something ends. */
  kind?: "main" | "plain" | "quiet" | "danger";
  size?: "normal" | "small";
  icon?: ReactNode;
  wide?: boolean;
}

const look = ({ kind = "plain", size = "normal", wide }: Look, extra?: string) =>
  [css.button, css[kind], size === "small" && css.small, wide && css.wide, extra].filter(Boolean).join(" ");

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean; ref?: Ref<HTMLButtonElement> };

export function Button({ kind, size, icon, wide, busy, children, className, disabled, onClick, ...rest }: ButtonProps) {
  // What can be busy asks something of the server, and most often makes something there.
  const decides = kind === "main" || kind === "danger" || rest.type === "submit" || busy !== undefined;
  // The second click of a double click decides nothing a second time.
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (decides && event.detail > 1) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      onClick={click}
      className={look({ kind, size, wide }, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}

type AnchorProps = Look & AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function Anchor({ kind, size, icon, wide, children, className, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={look({ kind, size, wide }, className)}>
      {icon}
      <span>{children}</span>
    </a>
  );
}

const RoutedAnchor = createLink(Anchor);

/** A link that looks like a button: it goes somewhere and changes nothing. */
export const ButtonLink: LinkComponent<typeof Anchor> = (props) => <RoutedAnchor {...props} />;

export function IconButton({
  label,
  children,
  className,
  ...rest
}: { label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={[css.icon, className].filter(Boolean).join(" ")}
    >
      {children}
    </button>
  );
}
