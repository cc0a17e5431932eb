import { initials } from "@/lib/format";
import css from "./Avatar.module.css";

interface AvatarProps {
  name: string;
  large?: boolean;
  /** The address of a picture in memory. */
  picture?: string;
}

/** A person's picture or initials. The name always stands beside it, so it is decoration to a screen reader. */
export function Avatar({ name, large, picture }: AvatarProps) {
  return (
    <span className={large ? `${css.avatar} ${css.large}` : css.avatar} aria-hidden="true">
      {picture ? <img src={picture} alt="" /> : initials(name)}
    </span>
  );
}
