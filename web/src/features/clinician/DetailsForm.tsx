import "@/lib/laterWords";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import type { Verification } from "@/api/types";
import { describeMyself } from "@/api/verification";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

interface DetailsProps {
  mine: Verification;
  readOnly: boolean;
  onKept: (fresh: Verification) => void;
}

const FIELDS = ["profession", "register", "registrationNumber", "workplace"] as const;

export function DetailsForm({ mine, readOnly, onKept }: DetailsProps) {
  const { t } = useTranslation();
  const [form, setForm] = useState({
    profession: mine.details?.profession ?? "",
    register: mine.details?.register ?? "",
    registrationNumber: mine.details?.registrationNumber ?? "",
    workplace: mine.details?.workplace ?? "",
  });
  const keep = useMutation({
    mutationFn: () => describeMyself({ ...form, workplace: form.workplace.trim() || null }),
    onSuccess: (fresh) => {
      onKept(fresh);
      toast(t("verification.kept"));
    },
  });
  if (readOnly) {
    return (
      <Card>
        <Facts>
          {FIELDS.map((field) => (
            <Fact key={field} label={t(`verification.field.${field}`)}>
              {mine.details?.[field] ?? "\u2013"}
            </Fact>
          ))}
        </Facts>
      </Card>
    );
  }
  const problem = keep.error instanceof Problem ? keep.error : null;
  const same = FIELDS.every((field) => form[field].trim() === (mine.details?.[field] ?? ""));
  const complete = FIELDS.every((field) => field === "workplace" || form[field].trim() !== "");
  return (
    <Card>
      <Form onSubmit={() => keep.mutate()}>
        {FIELDS.map((field) => (
          <TextField
            key={field}
            label={t(`verification.field.${field}`)}
            hint={t(`verification.hint.${field}`)}
            value={form[field]}
            onText={(value) => setForm({ ...form, [field]: value })}
            error={problem?.issue(field)}
            maxLength={120}
            required={field !== "workplace"}
          />
        ))}
        {problem && problem.issues.length === 0 && <ErrorNote error={problem} />}
        <div>
          <Button type="submit" busy={keep.isPending} disabled={!complete || same}>
            {t("common.save")}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
