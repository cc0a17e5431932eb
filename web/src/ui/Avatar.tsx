import { initials } from "@/lib/format";
import css from "./Avatar.module.css";

/** A person's initials. The name always stands beside it, so it is decoration to a screen reader. */
export function Avatar({ name, large }: { name: string; large?: boolean }) {
  return (
    <span className={large ? `${css.avatar} ${css.large}` : css.avatar} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
