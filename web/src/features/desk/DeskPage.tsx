import { IconCamera } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meeting, showCode } from "@/api/desk";
import { useGood } from "@/lib/good";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { QrCode } from "@/ui/QrCode";
import { When } from "@/ui/When";
import { Closed, useDesk } from "./Closed";
import css from "./Desk.module.css";
import { GivesChoice } from "./GivesChoice";
import { MeetingCard } from "./MeetingCard";
import { addressOf, type Length } from "./terms";

/** How long the server takes a code at the desk. */
const GOOD_MINUTES = 5;

interface DeskProps {
  side: "patient" | "practitioner";
  /** The meeting that a code was shown for. */
  met?: number;
}

/** Shows a code to the person on the other side of the desk, and what comes of it. */
export function DeskPage({ side, met: id }: DeskProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [length, setLength] = useState<Length>("4");
  const show = useMutation({
    mutationFn: showCode,
    // In the address: whoever comes back to this page, or loads it again, finds the other one still there.
    onSuccess: (made) => navigate({ to: "/desk", search: { met: made.id }, replace: true }),
  });
  const shown = show.data?.id === id ? show.data : undefined;
  const { until, over } = useGood(shown?.until, GOOD_MINUTES);
  const met = useQuery(meeting(id ?? null));
  const waits = !met.data || met.data.state === "shown";
  const open = useDesk();
  if (open !== "open") {
    return (
      <Page title={t("desk.title")} lead={t(`desk.lead.${side}`)} narrow>
        <Closed why={open} />
      </Page>
    );
  }
  return (
    <Page
      title={t("desk.title")}
      lead={t(`desk.lead.${side}`)}
      narrow
      action={
        <ButtonLink to="/desk/scan" icon={<IconCamera aria-hidden />}>
          {t("desk.scan")}
        </ButtonLink>
      }
    >
      <div className="stack">
        {side === "patient" && waits && <GivesChoice length={length} onPick={setLength} />}
        {(show.error ?? met.error) && <ErrorNote error={show.error ?? met.error} />}
        {shown && waits && over && <Banner title={t("desk.ended")}>{t(`desk.endedText.${side}`)}</Banner>}
        {shown && waits && !over && (
          <Card as="article" label={t("desk.code")}>
            <div className="stack">
              <div className={css.qr}>
                <QrCode text={addressOf(window.location.origin, shown.code)} label={t("desk.qr")} />
              </div>
              <p className={css.code}>
                <span>{shown.code.slice(0, 4)}</span>
                <span>{shown.code.slice(4)}</span>
              </p>
              <p className={`muted ${css.center}`}>
                {t("desk.until")} <When value={until} relative />
              </p>
            </div>
          </Card>
        )}
        {met.data && !waits && <MeetingCard met={met.data} side={side} length={length} onPick={setLength} />}
        {met.data?.state !== "met" && (
          <div>
            <Button
              kind={shown && waits && !over ? "plain" : "main"}
              busy={show.isPending}
              onClick={() => show.mutate()}
            >
              {t(shown && waits ? "desk.showAgain" : "desk.show")}
            </Button>
          </div>
        )}
      </div>
    </Page>
  );
}
