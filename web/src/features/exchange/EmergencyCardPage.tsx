import { IconDeviceMobile, IconPencil, IconPrinter, IconQrcode } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { createHealthLink, emergencyCard, saveEmergencyCard } from "@/api/exchange";
import { useOwnPlace, usePart } from "@/api/family";
import type { EmergencyCard } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Choice } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { CardEditor } from "./CardEditor";
import { CardView } from "./CardView";
import { draftOf } from "./draft";
import css from "./Exchange.module.css";
import { dropCard, keepCard, keptCards, shownOf } from "./kept";

const PartNote = lazy(() => import("@/ui/PartNote"));

interface Props {
  /** Makes the pages that show the card ready to be opened without a network. */
  onKeep: () => Promise<boolean>;
}

/** The patient's own card: look at it, choose what it shows, print it, keep it on this device. */
export function EmergencyCardPage({ onKeep, edit }: Props & { edit: boolean }) {
  const { t } = useTranslation();
  const part = usePart();
  const card = useQuery({ ...emergencyCard, enabled: part === false });
  const [editing, setEditing] = useState(edit);
  if (part) {
    return (
      <Page title={t("card.title")} lead={t("card.lead")} narrow>
        <Suspense fallback={<Skeleton rows={1} height={120} />}>
          <PartNote what="card" icon={<IconQrcode />} />
        </Suspense>
      </Page>
    );
  }
  return (
    <Page
      title={t("card.title")}
      lead={t("card.lead")}
      narrow
      action={
        card.data &&
        !editing && (
          <Button icon={<IconPencil aria-hidden />} onClick={() => setEditing(true)}>
            {t("card.edit")}
          </Button>
        )
      }
    >
      {card.isPending && <Skeleton rows={3} height={160} />}
      {card.error && <ErrorNote error={card.error} onRetry={() => card.refetch()} />}
      {card.data && editing && <CardEditor card={card.data} onDone={() => setEditing(false)} />}
      {card.data && !editing && <Shown card={card.data} onKeep={onKeep} />}
    </Page>
  );
}

function Shown({ card, onKeep }: Props & { card: EmergencyCard }) {
  const { t } = useTranslation();
  const [paper, setPaper] = useState<"page" | "wallet">("page");
  const ownPlace = useOwnPlace();
  const shown = shownOf(card);
  return (
    <div className="stack-loose">
      <div className={css.tools}>
        {!card.link && ownPlace && <CodeMaker card={card} />}
        <Keeper card={card} onKeep={onKeep} />
        <div className="row">
          <Choice
            label={t("card.paper")}
            value={paper}
            onChange={setPaper}
            options={[
              { value: "page", text: t("card.paperPage") },
              { value: "wallet", text: t("card.paperWallet") },
            ]}
          />
          <Button icon={<IconPrinter aria-hidden />} onClick={() => window.print()}>
            {t("document.print")}
          </Button>
        </div>
      </div>
      <CardView card={shown} wallet={paper === "wallet"} />
    </div>
  );
}

/** A card without a code says what it says; with one, a helper can open the whole summary. */
function CodeMaker({ card }: { card: EmergencyCard }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const link = await createHealthLink({
        label: t("card.linkLabel"),
        passcode: null,
        until: null,
        sensitive: card.sensitive,
        direct: false,
        tell: true,
      });
      return saveEmergencyCard({ ...draftOf(card), link: link.id });
    },
    onSuccess: (changed) => {
      client.setQueryData(emergencyCard.queryKey, changed);
      client.invalidateQueries({ queryKey: ["links"] });
      toast(t("card.codeMade"));
    },
  });
  return (
    <Banner
      title={t("card.noCode")}
      action={
        <Button kind="main" icon={<IconQrcode aria-hidden />} busy={make.isPending} onClick={() => make.mutate()}>
          {t("card.makeCode")}
        </Button>
      }
    >
      <p>{t("card.noCodeText")}</p>
      {make.error && <ErrorNote error={make.error} />}
    </Banner>
  );
}

function Keeper({ card, onKeep }: Props & { card: EmergencyCard }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(() => keptCards().some((each) => each.id === card.id));
  const [trouble, setTrouble] = useState(false);
  // What is kept follows what the owner sees here.
  useEffect(() => {
    if (kept) keepCard(shownOf(card));
  }, [kept, card]);
  const keep = async () => {
    keepCard(shownOf(card));
    setKept(true);
    const ready = await onKeep();
    setTrouble(!ready);
    if (ready) toast(t("card.keptDone"));
  };
  const drop = () => {
    dropCard(card.id);
    setKept(false);
    setTrouble(false);
  };
  return (
    <div className="stack">
      <p className="muted">{t(kept ? "card.keptText" : "card.keepText")}</p>
      <div>
        <Button icon={<IconDeviceMobile aria-hidden />} onClick={kept ? drop : keep}>
          {t(kept ? "card.drop" : "card.keep")}
        </Button>
      </div>
      {trouble && <Banner kind="warn">{t("card.keptTrouble")}</Banner>}
    </div>
  );
}
