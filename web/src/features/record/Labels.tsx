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

interface LabelsProps {
  patient: string;
  type: string;
  id: string;
  /** Whether it is the patient who looks; a doctor in a visit leaves what the patient set. */
  own: boolean;
}

/** The sensitive areas that an entry belongs to: who says so, and what whoever looks says of it themselves. */
export function Labels({ patient, type, id, own }: LabelsProps) {
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
      <p className="muted small">{t(own ? "labels.lead" : "labels.leadVisit")}</p>
      {open && found.isPending && <Skeleton rows={3} height={44} />}
      {open && found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {open && found.data && (
        <Choice key={JSON.stringify(found.data)} found={found.data} patient={patient} type={type} id={id} own={own} />
      )}
    </Section>
  );
}

function Choice({ found, patient, type, id, own }: LabelsProps & { found: Labelled[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Label[]>(() =>
    found.filter((each) => each.by !== "entry").map((each) => each.label),
  );
  const said = found.filter((each) => each.by === "entry").map((each) => each.label);
  const fixed = own ? [] : found.filter((each) => each.by === "patient").map((each) => each.label);
  const hint = (label: Label) => {
    if (fixed.includes(label)) return t("labels.byPatient");
    return said.includes(label) ? t("labels.bySender") : undefined;
  };
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
          hint={hint(label)}
          checked={chosen.includes(label)}
          disabled={fixed.includes(label)}
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
