import { IconCamera, IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Resource, removePhoto } from "@/api/record";
import type { PatientHeader } from "@/api/types";
import { PatientPhoto } from "@/fhir/PatientPhoto";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { PersonForm } from "./PersonForm";
import { PhotoDialog } from "./PhotoDialog";
import css from "./Profile.module.css";
import { personOf } from "./person";

interface CardProps {
  patient: Resource;
  header: PatientHeader;
  acts: boolean;
}

/** Who it is: picture, name, and how they are reached. */
export function PersonCard({ patient, header, acts }: CardProps) {
  const { t, i18n } = useTranslation();
  const [editing, setEditing] = useState(false);
  const form = personOf(patient);
  const languages = new Intl.DisplayNames(i18n.language, { type: "language" });
  if (editing) {
    return (
      <Section title={t("profile.person")}>
        <PersonForm patient={patient} onDone={() => setEditing(false)} />
      </Section>
    );
  }
  const town = [form.postalCode, form.city].filter(Boolean).join(" ");
  const address = [form.street, town, form.country].filter(Boolean).join(", ") || header.address;
  const facts: [string, React.ReactNode][] = [
    [t("register.birthDate"), form.birthDate && <When value={form.birthDate} />],
    [t("register.gender"), t(`gender.${form.gender}`)],
    [t("profile.phone"), form.phone],
    [t("profile.email"), form.email],
    [t("profile.address"), address],
    [t("profile.language"), form.language ? languages.of(form.language) : header.language],
  ];
  return (
    <Section
      title={t("profile.person")}
      action={
        acts && (
          <Button size="small" icon={<IconPencil size={18} aria-hidden />} onClick={() => setEditing(true)}>
            {t("profile.changePerson")}
          </Button>
        )
      }
    >
      <Card>
        <div className={css.person}>
          <Picture header={header} acts={acts} />
          <div>
            <p className={css.name}>{header.name}</p>
            <Facts>
              {facts.map(([label, value]) => (
                <Fact key={label} label={label}>
                  {value || <span className="muted">{t("profile.notSaid")}</span>}
                </Fact>
              ))}
            </Facts>
          </div>
        </div>
      </Card>
    </Section>
  );
}

function Picture({ header, acts }: { header: PatientHeader; acts: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => removePhoto(header.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["record", header.id] });
      toast(t("profile.photo.removed"));
    },
  });
  return (
    <div className={css.picture}>
      <PatientPhoto patient={header.id} name={header.name} url={header.photo} large />
      {acts && (
        <Button size="small" icon={<IconCamera size={18} aria-hidden />} onClick={() => setOpen(true)}>
          {t(header.photo ? "profile.photo.change" : "profile.photo.add")}
        </Button>
      )}
      {acts && header.photo && (
        <Button kind="quiet" size="small" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t("profile.photo.remove")}
        </Button>
      )}
      {remove.error && <ErrorNote error={remove.error} />}
      {open && <PhotoDialog patient={header.id} onClose={() => setOpen(false)} />}
    </div>
  );
}
