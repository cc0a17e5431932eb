import type { ReactNode } from "react";
import css from "./Card.module.css";

interface CardProps {
  children: ReactNode;
  /** `soft` for what asks for attention; `flush` when the content brings its own rows. */
  kind?: "plain" | "soft" | "flush";
  as?: "div" | "article" | "li";
  label?: string;
}

export function Card({ children, kind = "plain", as: Tag = "div", label }: CardProps) {
  return (
    <Tag className={`${css.card} ${css[kind]}`} aria-label={label}>
      {children}
    </Tag>
  );
}

/** Rows under each other with hairlines between, for what people scan. */
export function List({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul className={css.list} aria-label={label}>
      {children}
    </ul>
  );
}

/** Label and value pairs. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={css.facts}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** One large number and what it counts. */
export function Metric({ label, value, unit }: { label: string; value: ReactNode; unit?: string }) {
  return (
    <div className={css.metric}>
      <span className={css.metricLabel}>{label}</span>
      <span className={css.metricValue}>
        {value}
        {unit && <small> {unit}</small>}
      </span>
    </div>
  );
}
