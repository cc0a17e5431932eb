import { IconAlertTriangle, IconCheck, IconCircleCheck, IconCopy, IconHelp, IconMinus } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentValue, LabCode } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { plainUnit } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Tag, type Tone } from "@/ui/Chip";
import { Combo } from "@/ui/Combo";
import { CheckField, TextField } from "@/ui/Field";
import css from "./Review.module.css";
import { OtherLink } from "./Twin";
import {
  type Confidence,
  confidenceOf,
  type Draft,
  type Fault,
  mixed,
  parted,
  resultOf,
  searchCodes,
  wordOf,
} from "./values";

interface RowProps {
  value: DocumentValue;
  open: boolean;
  busy: boolean;
  draft: Draft;
  faults: Fault[];
  /** What the server found wrong with fields. */
  refused: Partial<Record<Fault, string>>;
  codes: LabCode[];
  onOpen: () => void;
  onDraft: (draft: Draft) => void;
  onConfirm: () => void;
  onSkip: () => void;
  onReopen: () => void;
  onMove: (by: number) => void;
  onUndo: () => void;
}

const TONES: Record<Confidence, Tone> = { certain: "ok", check: "warn", doubtful: "high" };

const MOVES: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Whether keys are typed into something. */
const types = (target: EventTarget): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

/** One value: closed a line, open its fields. The row itself takes the keys while no field does. */
export function ValueRow(props: RowProps) {
  const { value, open, draft, faults, refused, onOpen, onConfirm, onSkip, onMove, onUndo } = props;
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  const was = useRef<boolean | null>(null);
  useEffect(() => {
    if (open && was.current === false) {
      row.current?.focus({ preventScroll: true });
      row.current?.scrollIntoView({ block: "nearest" });
    } else if (open && was.current === null && window.matchMedia("(hover: hover)").matches) {
      // Where there is a keyboard the first row takes its keys at once.
      row.current?.focus({ preventScroll: true });
    }
    was.current = open;
  }, [open]);
  const refusals = Object.keys(refused).length;
  useEffect(() => {
    if (open && refusals > 0) row.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }, [open, refusals]);
  const waits = value.state === "proposed" && value.addedFrom === null;
  /** What lacks something, or is hard to read, is looked at first: the same key confirms it from there. */
  const onEnter = () => {
    const field = (which: string) => row.current?.querySelector<HTMLInputElement>(which);
    const first = faults.length > 0 ? field('[aria-invalid="true"]') : undefined;
    if (waits && (first || confidenceOf(value) === "doubtful")) (first ?? field('[name="result"]'))?.focus();
    else onConfirm();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A key that is held says it once, for nobody has seen the next row.
    if (event.repeat && event.key === "Enter") return event.preventDefault();
    if (types(event.target)) {
      if (event.key === "Escape") row.current?.focus();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (MOVES[key]) onMove(MOVES[key] ?? 0);
    else if (event.repeat) return;
    // A button that has the focus does what it says.
    else if (key === "Enter" && event.target === row.current) onEnter();
    else if (key === "s") onSkip();
    else if (key === "u") onUndo();
    else return;
    event.preventDefault();
  };
  return (
    <li
      ref={row}
      tabIndex={open ? 0 : -1}
      className={open ? `${css.row} ${css.open}` : css.row}
      aria-current={open || undefined}
      aria-label={draft.label}
      onKeyDown={open ? onKey : undefined}
    >
      {open ? (
        <div className={css.line}>
          <span className={css.label}>{t("documents.review.printed", { label: value.printed ?? value.label })}</span>
          {waits && <Sure confidence={confidenceOf(value)} />}
          <State value={value} />
        </div>
      ) : (
        <button type="button" className={css.line} onClick={onOpen}>
          <span className={css.label}>{draft.label}</span>
          <span className={css.result}>
            {draft.result} <small>{plainUnit(draft.unit)}</small>
          </span>
          <State value={value} />
        </button>
      )}
      {open && waits && <Fields {...props} />}
      {open && value.state === "proposed" && value.addedFrom !== null && (
        <div className="spread">
          <p>
            <span className="strong">{draft.label}</span>: {draft.result} {plainUnit(draft.unit)}
            <br />
            {t("documents.review.twinOne")} <OtherLink id={value.addedFrom} />
          </p>
          <Button size="small" busy={props.busy} onClick={onSkip}>
            {t("documents.review.skip")}
          </Button>
        </div>
      )}
      {open && value.state !== "proposed" && (
        <div className="spread">
          <p>
            <span className="strong">{draft.label}</span>: {draft.result} {plainUnit(draft.unit)}
          </p>
          <Button size="small" busy={props.busy} onClick={props.onReopen}>
            {t(value.state === "confirmed" ? "documents.review.takeBack" : "documents.review.openAgain")}
          </Button>
        </div>
      )}
    </li>
  );
}

const SIGNS = { certain: IconCheck, check: IconHelp, doubtful: IconAlertTriangle };

/** How well it could be read: a word, a colour and a sign. */
function Sure({ confidence }: { confidence: Confidence }) {
  const { t } = useTranslation();
  const Sign = SIGNS[confidence];
  return (
    <Tag tone={TONES[confidence]} icon={<Sign aria-hidden />}>
      {t(`documents.review.confidence.${confidence}`)}
    </Tag>
  );
}

function State({ value }: { value: DocumentValue }) {
  const { t } = useTranslation();
  if (value.state === "confirmed") {
    return (
      <Tag tone="ok" icon={<IconCircleCheck aria-hidden />}>
        {t("documents.review.state.confirmed")}
      </Tag>
    );
  }
  if (value.state === "skipped")
    return <Tag icon={<IconMinus aria-hidden />}>{t("documents.review.state.skipped")}</Tag>;
  if (value.addedFrom !== null) return <Tag icon={<IconCopy aria-hidden />}>{t("documents.review.twinState")}</Tag>;
  return value.flag ? (
    <Tag tone={value.flag === "H" ? "high" : "low"}>{t(value.flag === "H" ? "flag.high" : "flag.low")}</Tag>
  ) : null;
}

function Fields({ value, draft, faults, refused, codes, busy, onDraft, onConfirm, onSkip }: RowProps) {
  const { t } = useTranslation();
  const known = codes.find((each) => each.code === draft.code);
  const fault = (name: Fault) =>
    faults.includes(name) ? t(`documents.review.fault.${wordOf(name, draft)}`) : refused[name];
  const lacksUnit = faults.includes("unit") || draft.bare;
  const words = !faults.includes("result") && resultOf(parted(draft, codes).result).qualitative !== null;
  const unsure = mixed(parted(draft, codes).result);
  return (
    <form
      noValidate
      className={css.fields}
      onSubmit={(event) => {
        event.preventDefault();
        onConfirm();
      }}
    >
      <div className={css.test}>
        <Combo
          label={t("documents.review.test")}
          value={draft.label}
          options={(text) =>
            searchCodes(codes, text).map((each) => ({
              value: each.code,
              text: each.display,
              detail: each.synonyms.slice(0, 3).join(", "),
            }))
          }
          error={fault("label")}
          hint={draft.code ? undefined : t("documents.review.noCode")}
          onText={(label) => onDraft({ ...draft, label, code: "" })}
          onPick={(code, label) => {
            const picked = codes.find((each) => each.code === code);
            onDraft({ ...draft, code, label, unit: draft.unit || (picked?.unit ?? "") });
          }}
        />
      </div>
      <TextField
        name="result"
        label={t("documents.review.value")}
        value={draft.result}
        error={fault("result")}
        hint={words ? t("documents.review.words") : undefined}
        onText={(result) => onDraft({ ...draft, result, words: false })}
        onLeave={() => {
          const next = parted(draft, codes);
          if (next !== draft) onDraft(next);
        }}
      />
      <Combo
        label={t("documents.review.unit")}
        value={draft.unit}
        hint={
          draft.unit || !value.unitPrinted ? undefined : t("documents.review.printed", { label: value.unitPrinted })
        }
        error={fault("unit")}
        options={(text) =>
          (known?.units ?? (value.unit ? [value.unit] : []))
            .filter((unit) => unit.toLowerCase().includes(text.trim().toLowerCase()) || text === draft.unit)
            .map((unit) => ({ value: unit, text: unit, detail: plainUnit(unit) === unit ? "" : plainUnit(unit) }))
        }
        onText={(unit) => onDraft({ ...draft, unit, bare: false })}
        onPick={(unit) => onDraft({ ...draft, unit, bare: false })}
      />
      {unsure && (
        <div className={css.test}>
          <CheckField
            label={t("documents.review.asWords")}
            checked={draft.words}
            onCheck={(words) => onDraft({ ...draft, words })}
          />
        </div>
      )}
      {lacksUnit && (
        <div className={css.test}>
          <CheckField
            label={t("documents.review.noUnit")}
            checked={draft.bare}
            onCheck={(bare) => onDraft({ ...draft, bare })}
          />
        </div>
      )}
      <TextField
        label={t("documents.review.low")}
        inputMode="decimal"
        value={draft.low}
        error={fault("low")}
        onText={(low) => onDraft({ ...draft, low })}
      />
      <TextField
        label={t("documents.review.high")}
        inputMode="decimal"
        value={draft.high}
        error={fault("high")}
        onText={(high) => onDraft({ ...draft, high })}
      />
      <TextField
        label={t("documents.review.date")}
        type="date"
        value={draft.date}
        max={isoDay(new Date())}
        error={fault("date")}
        onText={(date) => onDraft({ ...draft, date })}
      />
      <div className={css.acts}>
        <Button type="submit" kind="main" busy={busy} disabled={faults.length > 0}>
          {t("documents.review.confirm")}
        </Button>
        <Button busy={busy} onClick={onSkip}>
          {t("documents.review.skip")}
        </Button>
      </div>
    </form>
  );
}
