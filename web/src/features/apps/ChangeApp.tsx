import "@/lib/appsWords";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeApp } from "@/api/apps";
import type { ConnectedApp } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, RadioList } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import css from "./Apps.module.css";
import { lines } from "./words";

const DAY_MS = 86_400_000;
const SOONER = [1, 7, 30, 90];
const AS_IT_IS = "";

/** What the app gets, and not how it works: that stays. */
const GIVES = ["data", "identity", "name"];

/** Lets an app do less, or ends it sooner. More is asked for by the app itself, when it is connected again. */
export function ChangeApp({ permission, onClose }: { permission: ConnectedApp; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [end, setEnd] = useState(AS_IT_IS);
  const given = lines(
    t,
    permission.wishes.filter(({ about }) => GIVES.includes(about)),
  );
  const frame = permission.wishes.filter(({ about }) => !GIVES.includes(about)).map(({ scope }) => scope);
  const kept = given.filter((line) => !left.has(line.key));
  const change = useMutation({
    mutationFn: () =>
      changeApp(permission.id, {
        scopes: [...frame, ...kept.flatMap((line) => line.scopes)],
        ...(end === AS_IT_IS ? {} : { until: end }),
      }),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["apps"] });
      onClose();
      toast(t("apps.changed", { name: permission.app.name }));
    },
  });
  const toggle = (key: string) => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    setLeft(next);
  };
  const [now] = useState(() => Date.now());
  const sooner = SOONER.map((days) => ({ days, at: new Date(now + days * DAY_MS).toISOString() }));
  const ends = [
    {
      value: AS_IT_IS,
      label: permission.session
        ? t("apps.changeSameSession")
        : t("apps.changeSame", { day: formatDate(permission.until, i18n.language) }),
    },
    ...sooner
      .filter(({ at }) => !permission.session && at < permission.until)
      .map(({ days, at }) => ({
        value: at,
        label: t("apps.untilDay", { day: formatDate(at, i18n.language), count: days }),
      })),
  ];
  return (
    <div className="stack">
      <p>{t("apps.changeText")}</p>
      <div className={css.wishes}>
        {given.map((line) => (
          <CheckField
            key={line.key}
            label={line.title}
            hint={line.writes ? t("apps.writes") : undefined}
            checked={!left.has(line.key)}
            onCheck={() => toggle(line.key)}
          />
        ))}
      </div>
      {ends.length > 1 && <RadioList label={t("apps.changeEnd")} value={end} onPick={setEnd} options={ends} />}
      <p className="muted small">{t("apps.changeOnce")}</p>
      {change.error && <ErrorNote error={change.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          kind="main"
          busy={change.isPending}
          disabled={kept.length === 0 || (left.size === 0 && end === AS_IT_IS)}
          onClick={() => change.mutate()}
        >
          {t("apps.changeKeep")}
        </Button>
      </DialogActions>
    </div>
  );
}
