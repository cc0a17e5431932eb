import { lazy, Suspense, useState } from "react";

// With its words, and only for those who close something that they wrote.
const DiscardQuestion = lazy(() => import("./DiscardQuestion"));

/** What was written in a dialog is nowhere else: closing it asks first. `question` stands inside the dialog. */
export function useDiscard(written: boolean, onClose: () => void) {
  const [asking, setAsking] = useState(false);
  // Escape reaches both dialogs: while the question is there, it is meant for the question.
  const close = () => {
    if (asking) return;
    if (written) setAsking(true);
    else onClose();
  };
  // Only there while it asks, so that the key that brings it does not close it too.
  const question = asking && (
    <Suspense>
      <DiscardQuestion onDiscard={onClose} onClose={() => setAsking(false)} />
    </Suspense>
  );
  return { close, question };
}

/** Whether a form says something else than at first. */
export const differs = <T extends object>(form: T, first: T): boolean =>
  (Object.keys(form) as (keyof T)[]).some((part) => form[part] !== first[part]);
