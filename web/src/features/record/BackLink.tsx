import { IconArrowLeft } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";
import css from "./BackLink.module.css";

function Anchor({ children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return (
    <a {...rest} className={css.back}>
      <IconArrowLeft size={18} aria-hidden />
      {children}
    </a>
  );
}

/** One step up, in words. */
export const BackLink = createLink(Anchor);
