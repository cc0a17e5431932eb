import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { preview } from "@/api/consent";
import type { GrantDraft } from "@/api/types";
import { WhatYouAgreeTo } from "@/fhir/ConsentWords";
import { counted } from "@/fhir/categories";
import { EntryRow } from "@/fhir/EntryRow";
import { GroupHead } from "@/fhir/GroupHead";
import { Card, Fact, Facts, List, Metric } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import type { Choice } from "./choice";
import css from "./Sharing.module.css";
import { labelsText, periodText, sealedText, whatText } from "./scope";

/** The consent in plain words, and the record as this reader would see it: computed by the same code that will serve them. */
export function ReviewStep({ choice, draft }: { choice: Choice; draft: GrantDraft }) {
  const { t, i18n } = useTranslation();
  // The end moves with the clock and does not change what is seen, so it is not part of what is asked.
  const seen = useQuery(preview({ ...draft, until: null, note: null }));
  return (
    <>
      <Card>
        <Facts>
          <Fact label={t("wizard.step.who")}>
            <span className="strong">{choice.who?.name}</span>
            {choice.who?.detail && <span className="muted"> {choice.who.detail}</span>}
          </Fact>
          <Fact label={t("sharing.what")}>{whatText(t, draft)}</Fact>
          <Fact label={t("sharing.period")}>{periodText(t, i18n.language, draft)}</Fact>
          <Fact label={t("sharing.sensitive")}>{labelsText(t, draft.labels)}</Fact>
          {draft.sealed.length > 0 && <Fact label={t("sealed.title")}>{sealedText(t, draft.sealed)}</Fact>}
          <Fact label={t("wizard.purpose")}>{t(`purpose.${draft.purpose}`)}</Fact>
          <Fact label={t("sharing.ends")}>
            {draft.until ? <When value={draft.until} /> : t("sharing.untilStopped")}
          </Fact>
          {draft.note && <Fact label={t("sharing.note")}>{draft.note}</Fact>}
        </Facts>
      </Card>
      <WhatYouAgreeTo />
      <h3>{t("wizard.previewTitle", { name: choice.who?.name ?? "" })}</h3>
      {seen.isPending && <Skeleton rows={4} height={60} />}
      {seen.error && <ErrorNote error={seen.error} onRetry={() => seen.refetch()} />}
      {seen.data && (
        <>
          <div className={css.numbers}>
            <Metric label={t("wizard.visible")} value={seen.data.total.toLocaleString(i18n.language)} />
            <Metric label={t("wizard.hidden")} value={seen.data.hiddenTotal.toLocaleString(i18n.language)} />
          </div>
          <div className="row">
            {counted(seen.data.counts).map(({ category, count }) => (
              <Tag key={category}>
                {t(`category.${category}`)} {count}
              </Tag>
            ))}
          </div>
          {seen.data.total === 0 ? (
            <p className="muted">{t("wizard.previewEmpty")}</p>
          ) : (
            <Scroll className={css.preview} label={t("wizard.preview")}>
              {seen.data.groups.map((group, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: days and visits of one answer never move.
                <div key={i}>
                  <GroupHead group={group} level="h3" />
                  <List>
                    {group.entries.map((entry) => (
                      <li key={`${entry.type}/${entry.id}`}>
                        <EntryRow entry={entry} />
                      </li>
                    ))}
                  </List>
                </div>
              ))}
            </Scroll>
          )}
        </>
      )}
    </>
  );
}
