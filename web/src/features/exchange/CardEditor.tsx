import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { emergencyCard, saveEmergencyCard } from "@/api/exchange";
import type { CardLine, EmergencyCard } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, LongText, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import css from "./Card.module.css";
import { draftOf } from "./draft";

const PARTS = ["allergies", "conditions", "medicines", "implants"] as const;
const WORDS = ["bloodGroup", "language", "contacts"] as const;

/** A contact being written; the number keeps its place while its name changes. */
interface Draft {
  key: number;
  name: string;
  relationship: string;
  phone: string;
  email: string;
}

const BLANK = { name: "", relationship: "", phone: "", email: "" };

/** What of the record is on the card, a note, and whom to call. */
export function CardEditor({ card, onDone }: { card: EmergencyCard; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [hidden, setHidden] = useState(() => new Set(card.hidden));
  const [note, setNote] = useState(card.note ?? "");
  const [sensitive, setSensitive] = useState(card.sensitive);
  const [contacts, setContacts] = useState<Draft[]>(() =>
    card.contacts
      .filter((contact) => contact.own)
      .map(({ name, relationship, phone, email }, key) => {
        return { key, name, relationship: relationship ?? "", phone, email: email ?? "" };
      }),
  );
  const save = useMutation({
    mutationFn: () =>
      saveEmergencyCard({
        ...draftOf(card),
        hidden: [...hidden],
        note: note.trim() || null,
        sensitive,
        contacts: contacts.map(({ key: _, ...contact }) => contact),
      }),
    onSuccess: (changed) => {
      client.setQueryData(emergencyCard.queryKey, changed);
      toast(t("card.saved"));
      onDone();
    },
  });
  const show = (reference: string, on: boolean) => {
    const next = new Set(hidden);
    if (on) next.delete(reference);
    else next.add(reference);
    setHidden(next);
  };
  const issue = (path: string) => (save.error instanceof Problem ? save.error.issue(path) : undefined);
  const change = (at: number, part: Partial<Draft>) =>
    setContacts(contacts.map((each, i) => (i === at ? { ...each, ...part } : each)));
  return (
    <Form onSubmit={() => save.mutate()}>
      <div className={css.editor}>
        <fieldset className={css.pick}>
          <legend>{t("card.show")}</legend>
          {WORDS.map((word) => (
            <CheckField
              key={word}
              label={t(`card.${word}`)}
              checked={!hidden.has(word)}
              onCheck={(on) => show(word, on)}
            />
          ))}
        </fieldset>
        {PARTS.map((part) => (
          <Picker key={part} title={t(`card.${part}`)} lines={card[part]} hidden={hidden} onShow={show} />
        ))}
        <CheckField
          label={t("card.sensitive")}
          hint={t("card.sensitiveHint")}
          checked={sensitive}
          onCheck={setSensitive}
        />
        <LongText
          label={t("card.note")}
          hint={t("card.noteHint")}
          value={note}
          onText={setNote}
          maxLength={300}
          error={issue("note")}
        />
        <fieldset className={css.pick}>
          <legend>{t("card.ownContacts")}</legend>
          <p className="muted small">{t("card.ownContactsText")}</p>
          {contacts.map((contact, at) => (
            <div key={contact.key} className={css.contact}>
              <TextField
                label={t("card.contactName")}
                value={contact.name}
                onText={(name) => change(at, { name })}
                error={issue(`contacts[${at}].name`)}
                maxLength={100}
              />
              <TextField
                label={t("card.contactRelationship")}
                value={contact.relationship}
                onText={(relationship) => change(at, { relationship })}
                maxLength={60}
              />
              <TextField
                label={t("card.contactPhone")}
                type="tel"
                value={contact.phone}
                onText={(phone) => change(at, { phone })}
                error={issue(`contacts[${at}].phone`)}
                maxLength={40}
              />
              <TextField
                label={t("card.contactEmail")}
                type="email"
                value={contact.email}
                onText={(email) => change(at, { email })}
                error={issue(`contacts[${at}].email`)}
                maxLength={254}
              />
              <IconButton
                label={t("card.contactRemove", { name: contact.name })}
                onClick={() => setContacts(contacts.filter((_, i) => i !== at))}
              >
                <IconTrash aria-hidden />
              </IconButton>
            </div>
          ))}
          {contacts.length < 8 && (
            <div>
              <Button
                icon={<IconPlus aria-hidden />}
                onClick={() => setContacts([...contacts, { ...BLANK, key: Date.now() }])}
              >
                {t("card.contactAdd")}
              </Button>
            </div>
          )}
        </fieldset>
        {save.error && <ErrorNote error={save.error} />}
        <DialogActions>
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={save.isPending}>
            {t("common.save")}
          </Button>
        </DialogActions>
      </div>
    </Form>
  );
}

interface PickerProps {
  title: string;
  lines: CardLine[];
  hidden: Set<string>;
  onShow: (reference: string, on: boolean) => void;
}

function Picker({ title, lines, hidden, onShow }: PickerProps) {
  if (lines.length === 0) return null;
  return (
    <fieldset className={css.pick}>
      <legend>{title}</legend>
      {lines.map((line) => (
        <CheckField
          key={line.reference}
          label={line.text}
          hint={line.detail ?? undefined}
          checked={!hidden.has(line.reference)}
          onCheck={(on) => onShow(line.reference, on)}
        />
      ))}
    </fieldset>
  );
}
