import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import css from "./Page.module.css";

interface PageProps {
  title: ReactNode;
  /** The text of the browser's tab, when the title is not plain text. */
  name?: string;
  lead?: ReactNode;
  action?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** One page: a heading that receives focus on arrival, at most one main action, and the content. */
export function Page({ title, name, lead, action, narrow, children }: PageProps) {
  const tab = name ?? (typeof title === "string" ? title : "");
  useTitle(tab);
  return (
    <div className={narrow ? `${css.page} ${css.narrow}` : css.page}>
      <header className={css.head}>
        <div className={css.words}>
          <PageHeading>{title}</PageHeading>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {action && <div className={css.action}>{action}</div>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} \u00b7 HealthSync` : "HealthSync";
  }, [title]);
}

let arrived = false;

/** Moves focus to the heading when a page follows another, so that a screen reader says where one is. */
export function PageHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
    arrived = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  action,
  children,
  id,
}: {
  title: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className={css.section} id={id}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
