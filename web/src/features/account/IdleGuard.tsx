import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import { recall, remember } from "@/lib/storage";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { idleState } from "./idle";

const ACTIVITY = "activity";
const TICK = 1_000;

interface GuardProps {
  idleSeconds: number;
  onOver: () => void;
}

/** Ends a session that nobody uses, after a warning that can be answered. Tabs share their activity, so that none is signed out while another is used. */
export function IdleGuard({ idleSeconds, onOver }: GuardProps) {
  const { t } = useTranslation();
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const told = useRef(0);
  const over = useRef(false);

  // The server counts requests. Reading a long page makes none, so it is told now and then that somebody is there.
  const touch = () => {
    const now = Date.now();
    remember(ACTIVITY, String(now));
    if (now - told.current > (idleSeconds * 1000) / 4) {
      told.current = now;
      get("/api/auth/session").catch(() => {});
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the listeners are set once for a session.
  useEffect(() => {
    told.current = Date.now();
    over.current = false;
    remember(ACTIVITY, String(Date.now()));
    let warned = false;
    let last = 0;
    const active = () => {
      const now = Date.now();
      // A second is near enough: scrolling says it with each picture.
      if (warned || now - last < TICK) return;
      last = now;
      touch();
    };
    const events = ["pointerdown", "keydown", "scroll"] as const;
    for (const event of events) window.addEventListener(event, active, { passive: true });
    const timer = setInterval(() => {
      const state = idleState(Number(recall(ACTIVITY) ?? Date.now()), Date.now(), idleSeconds);
      warned = state.phase === "warning";
      setSecondsLeft(warned ? state.secondsLeft : null);
      if (state.phase === "over" && !over.current) {
        over.current = true;
        onOver();
      }
    }, TICK);
    return () => {
      clearInterval(timer);
      for (const event of events) window.removeEventListener(event, active);
    };
  }, [idleSeconds]);

  const stay = () => {
    told.current = 0;
    touch();
    setSecondsLeft(null);
  };

  return (
    <Dialog open={secondsLeft !== null} title={t("idle.title")} onClose={stay}>
      <div className="stack">
        <p>{t("idle.text", { count: secondsLeft ?? 0 })}</p>
        <DialogActions>
          <Button onClick={onOver}>{t("auth.signOut")}</Button>
          <Button kind="main" onClick={stay}>
            {t("idle.stay")}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
