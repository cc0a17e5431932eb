import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { endsSoon } from "./idle";

const LOOK_MS = 30_000;

/** However busy, a session ends after some hours. Whoever works on something is told a while before. */
export function ExpiryNote({ expires }: { expires: string }) {
  const { t, i18n } = useTranslation();
  const [soon, setSoon] = useState(false);
  useEffect(() => {
    const look = () => setSoon(endsSoon(expires, Date.now()));
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [expires]);
  if (!soon) return null;
  return (
    <Banner kind="warn" title={t("expiry.title", { time: formatTime(expires, i18n.language) })}>
      {t("expiry.text")}
    </Banner>
  );
}
