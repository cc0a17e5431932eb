import { IconX } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";
import css from "./Toast.module.css";

interface Toast {
  id: number;
  text: string;
  undo?: () => void;
}

const SHOWN_MS = 7_000;
let toasts: Toast[] = [];
let nextId = 1;
const watchers = new Set<() => void>();

function set(next: Toast[]) {
  toasts = next;
  for (const watcher of watchers) watcher();
}

/** Says that something was done, with a way back where there is one. */
export function toast(text: string, undo?: () => void) {
  const id = nextId++;
  set([...toasts.slice(-2), { id, text, undo }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

const dismiss = (id: number) => set(toasts.filter((each) => each.id !== id));

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function ToastShelf() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(watch, () => toasts);
  return (
    <div className={css.shelf} role="status" aria-live="polite">
      {shown.map((each) => (
        <div key={each.id} className={css.toast}>
          <span>{each.text}</span>
          {each.undo && (
            <Button
              kind="quiet"
              size="small"
              onClick={() => {
                dismiss(each.id);
                each.undo?.();
              }}
            >
              {t("common.undo")}
            </Button>
          )}
          <IconButton label={t("common.dismiss")} onClick={() => dismiss(each.id)}>
            <IconX aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
