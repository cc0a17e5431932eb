import "@/lib/laterWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Hours, saveWishes, wishes } from "@/api/inbox";
import type { NoticeWay, NoticeWishes } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { SelectField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { nightOf, ownTime, times, ZONE } from "./daily";
import { NoticeIcon } from "./NoticeIcon";
import css from "./WishesPage.module.css";

type Role = "patient" | "practitioner" | "administrator";

/** Of what one is told, and how: each choice is kept at once. */
export function WishesPage({ role }: { role: Role }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = useQuery(wishes);
  const save = useMutation({
    mutationFn: saveWishes,
    // One after the other: of two quick choices the later is kept.
    scope: { id: "wishes" },
    onSuccess: async (kept) => {
      await client.cancelQueries({ queryKey: wishes.queryKey });
      client.setQueryData(wishes.queryKey, kept);
      toast(t("wishes.saved"));
    },
  });
  // What was picked shows at once, and goes back to what stands if it was refused.
  const shown = found.data && (save.isPending ? picked(found.data, save.variables) : found.data);
  return (
    <Page title={t("wishes.title")} lead={t("wishes.lead")} narrow>
      {found.isPending && <Skeleton rows={6} height={96} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {save.error && <ErrorNote error={save.error} />}
      {shown && shown.email !== "reached" && (
        <Banner title={t(`wishes.${shown.email}`)}>{t("wishes.inAppOnly")}</Banner>
      )}
      {shown && (
        <List label={t("wishes.title")}>
          {shown.kinds.map((wish) => (
            <li key={wish.kind}>
              <WishRow role={role} wish={wish} onPick={(next) => save.mutate({ ways: { [wish.kind]: next } })} />
            </li>
          ))}
        </List>
      )}
      {shown?.kinds.some(({ way }) => way === "daily") && (
        <Section title={t("wishes.daily")}>
          <p className="muted">{t("wishes.dailyText")}</p>
          <div className={css.time}>
            <SelectField
              label={t("wishes.dailyAt")}
              value={ownTime(shown)}
              options={times(ownTime(shown)).map((value) => ({ value, label: value }))}
              onPick={(dailyAt) => save.mutate({ dailyAt, zone: ZONE })}
            />
          </div>
        </Section>
      )}
      {shown?.email === "reached" && (
        // The time of the daily e-mail goes along: until now it may have been told in UTC.
        <QuietHours wishes={shown} onPick={(quiet) => save.mutate({ quiet, dailyAt: ownTime(shown), zone: ZONE })} />
      )}
      <p className="muted small">{t("wishes.mailText")}</p>
    </Page>
  );
}

/** Between which times no e-mail leaves. */
function QuietHours({ wishes: { quiet, zone }, onPick }: { wishes: NoticeWishes; onPick: (quiet: string) => void }) {
  const { t } = useTranslation();
  const [from = "", to = "07:00"] = quiet?.split("-") ?? [];
  const hours = (standing: string) => times(standing || to).map((value) => ({ value, label: value }));
  return (
    <Section title={t("wishes.quiet")}>
      <p className="muted">{t("wishes.quietText")}</p>
      <div className={css.times}>
        <SelectField
          label={t("wishes.quietFrom")}
          value={from}
          options={[{ value: "", label: t("wishes.quietNever") }, ...hours(from).filter(({ value }) => value !== to)]}
          onPick={(next) => onPick(next && `${next}-${to}`)}
        />
        {from && (
          <SelectField
            label={t("wishes.quietTo")}
            value={to}
            options={hours(to).filter(({ value }) => value !== from)}
            onPick={(next) => onPick(`${from}-${next}`)}
          />
        )}
      </div>
      {quiet && <QuietNight quiet={quiet} zone={zone} />}
    </Section>
  );
}

/** By which clocks they are kept, and until when: what stands, wherever this browser is. */
function QuietNight({ quiet, zone }: { quiet: string; zone: string }) {
  const { t } = useTranslation();
  const { from, to, next } = nightOf(quiet);
  return (
    <p>
      {t(next ? "wishes.quietNight" : "wishes.quietDay", { from, to, zone })}
      {zone !== ZONE && ` ${t("wishes.quietElsewhere", { zone: ZONE })}`}
    </p>
  );
}

interface WishRowProps {
  role: Role;
  wish: NoticeWishes["kinds"][number];
  onPick: (way: NoticeWay) => void;
}

function WishRow({ role, wish: { kind, way, ways }, onPick }: WishRowProps) {
  const { t, i18n } = useTranslation();
  // Not every role is told of every kind, nor does every kind need a second sentence.
  const key = `wishes.${role}.${kind}`;
  const said = (name: string) => (i18n.exists(name) ? t(name as "wishes.title") : null);
  const what = said(key) ?? kind;
  return (
    <div className={css.row}>
      <NoticeIcon kind={kind} />
      <div className={css.words}>
        <h2 className={css.name}>{what}</h2>
        {said(`${key}Text`) && <p className="muted small">{said(`${key}Text`)}</p>}
        {!ways.includes("off") && <p className="muted small">{said(`wishes.always.${kind}`)}</p>}
      </div>
      <div className={css.pick}>
        <SelectField
          label={t("wishes.how", { what })}
          value={way}
          options={ways.map((value) => ({ value, label: t(`wishes.way.${value}`) }))}
          onPick={onPick}
        />
      </div>
    </div>
  );
}

function picked(now: NoticeWishes, { ways = {}, ...hours }: { ways?: Record<string, NoticeWay> } & Hours) {
  const kinds = now.kinds.map((each) => ({ ...each, way: ways[each.kind] ?? each.way }));
  return { ...now, ...hours, kinds };
}
