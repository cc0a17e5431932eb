import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { delegate } from "@/api/family";
import { CATEGORIES, type Category, LABELS } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, RadioList, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

const CHOSEN = CATEGORIES.filter((category) => category !== "person");

/** Whom one asks to look after one's record, how far, and until when. */
export function DelegateDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t("family.askSomebody")} onClose={onClose}>
      <DelegateForm onClose={onClose} />
    </Dialog>
  );
}

function DelegateForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [person, setPerson] = useState("");
  const [acts, setActs] = useState<"acts" | "looks">("looks");
  const [all, setAll] = useState(true);
  const [categories, setCategories] = useState<Category[]>([]);
  const [sensitive, setSensitive] = useState(false);
  const [day, setDay] = useState("");
  const ask = useMutation({
    mutationFn: () =>
      delegate({
        person: person.trim(),
        acts: acts === "acts",
        categories: all ? null : categories,
        labels: sensitive ? [...LABELS] : [],
        until: day ? new Date(`${day}T23:59:59`).toISOString() : null,
      }),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["family"] });
      toast(t("family.sent"));
      onClose();
    },
  });
  const toggle = (category: Category, on: boolean) =>
    setCategories((before) => CHOSEN.filter((each) => (each === category ? on : before.includes(each))));
  return (
    <Form onSubmit={() => ask.mutate()}>
      <TextField label={t("family.person")} hint={t("family.personHint")} value={person} onText={setPerson} required />
      <RadioList
        label={t("family.howFar")}
        value={acts}
        onPick={setActs}
        options={[
          { value: "looks", label: t("family.looks"), hint: t("family.looksHint") },
          { value: "acts", label: t("family.acts"), hint: t("family.actsHint") },
        ]}
      />
      <CheckField label={t("family.allKinds")} checked={all} onCheck={setAll} />
      {!all &&
        CHOSEN.map((category) => (
          <CheckField
            key={category}
            label={t(`category.${category}`)}
            checked={categories.includes(category)}
            onCheck={(on) => toggle(category, on)}
          />
        ))}
      <CheckField
        label={t("family.sensitive")}
        hint={t("family.sensitiveHint")}
        checked={sensitive}
        onCheck={setSensitive}
      />
      <TextField
        label={t("family.lastDay")}
        hint={t("family.lastDayHint")}
        type="date"
        min={isoDay(new Date())}
        value={day}
        onText={setDay}
      />
      {ask.error && <ErrorNote error={ask.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          kind="main"
          type="submit"
          busy={ask.isPending}
          disabled={person.trim() === "" || (!all && categories.length === 0)}
        >
          {t("family.send")}
        </Button>
      </DialogActions>
    </Form>
  );
}
