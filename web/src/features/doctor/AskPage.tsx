import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { requestAccess } from "@/api/consent";
import { CATEGORIES, type Category } from "@/api/types";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, LongText, RadioList, SelectField, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import css from "./RequestsPage.module.css";

const DAYS = ["1", "7", "30", "365"] as const;

/** Asks a patient for access. The answer never says whether the address exists. */
export function AskPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [patient, setPatient] = useState("");
  const [reason, setReason] = useState("");
  const [everything, setEverything] = useState(true);
  const [categories, setCategories] = useState<Category[]>([]);
  const [days, setDays] = useState<(typeof DAYS)[number]>("30");
  const ask = useMutation({
    mutationFn: () =>
      requestAccess({
        patient: patient.trim(),
        reason: reason.trim(),
        categories: everything ? null : categories,
        days: Number(days),
      }),
    onSuccess: async () => {
      client.invalidateQueries({ queryKey: ["requests"] });
      await navigate({ to: "/requests" });
      toast(t("ask.sent"));
    },
  });
  const problem = ask.error instanceof Problem ? ask.error : null;
  const complete = patient.trim() !== "" && reason.trim() !== "" && (everything || categories.length > 0);
  return (
    <Page title={t("ask.title")} lead={t("ask.lead")} narrow>
      <Form onSubmit={() => ask.mutate()}>
        <TextField
          label={t("ask.patient")}
          hint={t("ask.patientHint")}
          value={patient}
          onText={setPatient}
          error={problem?.issue("patient")}
          autoComplete="off"
          required
        />
        <LongText
          label={t("ask.reason")}
          hint={t("ask.reasonHint")}
          value={reason}
          onText={setReason}
          error={problem?.issue("reason")}
          maxLength={500}
          required
        />
        <RadioList
          label={t("ask.what")}
          value={everything ? "everything" : "some"}
          onPick={(value) => setEverything(value === "everything")}
          options={[
            { value: "everything", label: t("sharing.everything"), hint: t("ask.everythingHint") },
            { value: "some", label: t("wizard.some") },
          ]}
        />
        {!everything && (
          <fieldset>
            <legend className={css.legend}>{t("wizard.categories")}</legend>
            <div className={css.checks}>
              {CATEGORIES.map((category) => (
                <CheckField
                  key={category}
                  label={t(`category.${category}`)}
                  checked={categories.includes(category)}
                  onCheck={(on) =>
                    setCategories(CATEGORIES.filter((each) => (each === category ? on : categories.includes(each))))
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        <SelectField
          label={t("ask.days")}
          value={days}
          options={DAYS.map((value) => ({ value, label: t(`duration.${value}`) }))}
          onPick={setDays}
        />
        {problem && problem.issues.length === 0 && <ErrorNote error={problem} />}
        <div className="row">
          <Button kind="main" type="submit" busy={ask.isPending} disabled={!complete}>
            {t("ask.send")}
          </Button>
          <Button onClick={() => navigate({ to: "/requests" })}>{t("common.cancel")}</Button>
        </div>
      </Form>
    </Page>
  );
}
