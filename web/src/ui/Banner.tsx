import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconShieldCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Banner.module.css";

const ICONS = {
  info: IconInfoCircle,
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  error: IconAlertTriangle,
  proof: IconShieldCheck,
};

interface BannerProps {
  kind?: keyof typeof ICONS;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Banner({ kind = "info", title, children, action }: BannerProps) {
  const Icon = ICONS[kind];
  return (
    <div className={`${css.banner} ${css[kind]}`} role={kind === "error" ? "alert" : "status"}>
      <Icon className={css.icon} aria-hidden />
      <div className={css.words}>
        {title && <p className={css.title}>{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action && <div className={css.action}>{action}</div>}
    </div>
  );
}
