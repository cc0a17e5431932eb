import "@/lib/paperWords";
import { IconChecks, IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import { document, documentValues, labCodes } from "@/api/documents";
import type { DocumentItem, DocumentValue } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { CertainDialog } from "./CertainDialog";
import { PlainText } from "./PlainText";
import css from "./Review.module.css";
import { TwinNote } from "./Twin";
import { useReview } from "./useReview";
import { ValueRow } from "./ValueRow";
import { Viewer } from "./Viewer";
import { confidenceOf } from "./values";

/** What was read from a document, row by row beside its picture: confirmed, corrected or skipped by a person. */
export function ReviewPage({ patient, id }: { patient: string; id: string }) {
  const { t } = useTranslation();
  useTitle(t("documents.review.title"));
  const item = useQuery(document(patient, id));
  const values = useQuery(documentValues(patient, id));
  const error = item.error ?? values.error;
  if (error) {
    return isGone(error) ? (
      <div className="stack">
        <PageHeading>{t("documents.gone")}</PageHeading>
        <Empty title={t("documents.goneText")} />
      </div>
    ) : (
      <ErrorNote error={error} onRetry={() => Promise.all([item.refetch(), values.refetch()])} />
    );
  }
  if (!item.data || !values.data) return <Skeleton rows={4} height={120} />;
  if (values.data.length === 0) {
    return (
      <div className="stack">
        <PageHeading>{t("documents.review.title")}</PageHeading>
        <Empty
          icon={<IconListCheck />}
          title={t("documents.review.empty")}
          action={
            <ButtonLink to="/documents/$id" params={{ id }}>
              {t("documents.review.back")}
            </ButtonLink>
          }
        />
      </div>
    );
  }
  return <Review item={item.data} values={values.data} />;
}

function Review({ item, values }: { item: DocumentItem; values: DocumentValue[] }) {
  const { t } = useTranslation();
  const codes = useQuery(labCodes);
  const [looking, setLooking] = useState(false);
  const review = useReview(item, values, codes.data ?? []);
  const { at, current } = review;
  const done = values.filter((value) => value.state !== "proposed").length;
  const open = values.filter((value) => value.state === "proposed");
  const twins = open.filter((value) => value.addedFrom !== null);
  const certain = open.filter((value) => value.addedFrom === null && confidenceOf(value) === "certain");
  const [turned, setTurned] = useState<{ at: number; page: number } | null>(null);
  // The page follows the row, until somebody turns it.
  const page = turned?.at === at ? turned.page : (current?.page ?? 1);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          <p className="muted">
            <Link to="/documents/$id" params={{ id: item.id }}>
              {item.title}
            </Link>
          </p>
          <PageHeading>{t("documents.review.title")}</PageHeading>
        </div>
        <div className={css.progress}>
          <p role="status">{t("documents.review.progress", { done, count: values.length })}</p>
          <progress max={values.length} value={done} aria-label={t("documents.review.progressName")} />
        </div>
      </header>
      {twins.length > 0 && <TwinNote values={twins} busy={review.busy} onSkip={() => review.skipAll(twins)} />}
      {done === values.length && <Added item={item} values={values} />}
      <div className={css.columns}>
        <div className={css.picture}>
          {item.picture ? (
            <Viewer
              item={item}
              page={page}
              onPage={(next) => setTurned({ at, page: next })}
              marks={values.flatMap((value, i) =>
                value.box ? { key: value.n, page: value.page ?? 1, place: value.box, current: i === at } : [],
              )}
              low
            />
          ) : (
            <PlainText item={item} />
          )}
        </div>
        <div className="stack">
          <div className="spread">
            <p className={css.keys}>{t("documents.review.keysTwice")}</p>
            {certain.length > 0 && (
              <Button icon={<IconChecks aria-hidden />} onClick={() => setLooking(true)}>
                {t("documents.review.certain", { count: certain.length })}
              </Button>
            )}
          </div>
          {review.error !== null && <ErrorNote error={review.error} />}
          <ol className={css.rows} aria-label={t("documents.review.rows")}>
            {values.map((value, i) => (
              <ValueRow
                key={value.n}
                value={value}
                open={i === at}
                busy={review.busy}
                draft={review.draft(value)}
                faults={review.faults(value)}
                refused={review.refused(value)}
                codes={codes.data ?? []}
                onOpen={() => review.go(i)}
                onDraft={(draft) => review.setDraft(value, draft)}
                onConfirm={() => review.confirm(value)}
                onSkip={() => review.skip(value)}
                onReopen={() => review.reopen(value)}
                onMove={(by) => review.move(by)}
                onUndo={review.undo}
              />
            ))}
          </ol>
        </div>
      </div>
      <CertainDialog
        open={looking}
        values={certain}
        draft={review.settled}
        faults={review.faults}
        onClose={() => setLooking(false)}
        onConfirm={async () => {
          setLooking(false);
          await review.confirmAll(certain);
        }}
      />
    </div>
  );
}

/** At the end: what was added, and where it is drawn. */
function Added({ item, values }: { item: DocumentItem; values: DocumentValue[] }) {
  const { t } = useTranslation();
  const added = values.filter((value) => value.state === "confirmed");
  return (
    <section className={css.added} aria-label={t("documents.review.over")}>
      <h2>{t("documents.review.added", { count: added.length })}</h2>
      {added.length > 0 && (
        <ul className={css.links}>
          {added.map((value) => (
            <li key={value.n}>
              {value.code && value.value !== null ? (
                <Link to="/record/$patient/charts/$code" params={{ patient: item.patient, code: value.code }}>
                  {value.display || value.label}
                </Link>
              ) : (
                value.display || value.label
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        {added.length > 0 && (
          <ButtonLink kind="main" to="/record/$patient/charts" params={{ patient: item.patient }}>
            {t("documents.review.charts")}
          </ButtonLink>
        )}
        <ButtonLink to="/documents">{t("documents.review.all")}</ButtonLink>
      </div>
    </section>
  );
}
