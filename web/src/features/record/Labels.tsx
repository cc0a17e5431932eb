import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { entryLabels, setLabels } from "@/api/record";
import { LABELS, type Label, type Labelled } from "@/api/types";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";

/** The sensitive areas that an entry belongs to: who says so, and what the patient says of it themselves. */
export function Labels({ patient, type, id }: { patient: string; type: string; id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const found = useQuery({ ...entryLabels(patient, type, id), enabled: open });
  return (
    <Section
      title={t("labels.title")}
      action={
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "labels.hide" : "labels.show")}
        </Button>
      }
    >
      <p className="muted small">{t("labels.lead")}</p>
      {open && found.isPending && <Skeleton rows={3} height={44} />}
      {open && found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {open && found.data && (
        <Choice key={JSON.stringify(found.data)} found={found.data} patient={patient} type={type} id={id} />
      )}
    </Section>
  );
}

function Choice({ found, patient, type, id }: { found: Labelled[]; patient: string; type: string; id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Label[]>(() =>
    found.filter((each) => each.by !== "entry").map((each) => each.label),
  );
  const said = found.filter((each) => each.by === "entry").map((each) => each.label);
  const save = useMutation({
    mutationFn: () => setLabels(type, id, chosen),
    onSuccess: (labels) => {
      client.setQueryData(entryLabels(patient, type, id).queryKey, labels);
      client.invalidateQueries({ queryKey: ["record", patient] });
      toast(t("labels.saved"));
    },
  });
  return (
    <div className="stack">
      {LABELS.map((label) => (
        <CheckField
          key={label}
          label={t(`label.${label}`)}
          hint={said.includes(label) ? t("labels.bySender") : undefined}
          checked={chosen.includes(label)}
          onCheck={(on) => setChosen(on ? [...chosen, label] : chosen.filter((each) => each !== label))}
        />
      ))}
      {save.error && <ErrorNote error={save.error} />}
      <div>
        <Button busy={save.isPending} onClick={() => save.mutate()}>
          {t("common.save")}
        </Button>
      </div>
    </div>
  );
}
