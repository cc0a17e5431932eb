import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SkipLink } from "@/ui/AppShell";
import { Brand } from "@/ui/Brand";
import css from "./Welcome.module.css";

/** The frame of the pages before one is signed in. */
export function Door({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? `${css.door} ${css.wide}` : css.door}>
      <SkipLink />
      <header className={css.doorTop}>
        <Link to="/">
          <Brand />
        </Link>
      </header>
      <main id="main" tabIndex={-1} className="stack-loose">
        {children}
      </main>
    </div>
  );
}
