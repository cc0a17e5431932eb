import { IconCamera } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meeting, showCode } from "@/api/desk";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { QrCode } from "@/ui/QrCode";
import { When } from "@/ui/When";
import css from "./Desk.module.css";
import { GivesChoice } from "./GivesChoice";
import { MeetingCard } from "./MeetingCard";
import { addressOf, type Length } from "./terms";

/** Shows a code to the person on the other side of the desk, and what comes of it. */
export function DeskPage({ side }: { side: "patient" | "practitioner" }) {
  const { t } = useTranslation();
  const [length, setLength] = useState<Length>("4");
  const show = useMutation({ mutationFn: showCode });
  const shown = show.data;
  const met = useQuery(meeting(shown?.id ?? null));
  const waits = !met.data || met.data.state === "shown";
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
        {show.error && <ErrorNote error={show.error} />}
        {shown && waits && (
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
                {t("desk.until")} <When value={shown.until} relative />
              </p>
            </div>
          </Card>
        )}
        {met.data && !waits && <MeetingCard met={met.data} side={side} length={length} onPick={setLength} />}
        {(!shown || met.data?.state === "ended" || waits) && (
          <div>
            <Button kind={shown && waits ? "plain" : "main"} busy={show.isPending} onClick={() => show.mutate()}>
              {t(shown ? "desk.showAgain" : "desk.show")}
            </Button>
          </div>
        )}
      </div>
    </Page>
  );
}
