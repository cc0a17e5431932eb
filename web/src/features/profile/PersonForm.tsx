import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { issueOf, Problem } from "@/api/client";
import { changeEntry } from "@/api/profile";
import type { Resource } from "@/api/record";
import { GENDERS } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { type PersonForm as Draft, faultsOf, LANGUAGES, patientWith, personOf } from "./person";

/** What people say of themselves. What is wrong is said at its field, and what was written stays. */
export function PersonForm({ patient, onDone }: { patient: Resource; onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  // As it was when the form was opened: what somebody else kept meanwhile is no change of the person's, and the server says so.
  const [opened] = useState(patient);
  const [form, setForm] = useState(() => personOf(opened));
  const [tried, setTried] = useState(false);
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  const english = new Intl.DisplayNames("en", { type: "language" });
  const faults = tried ? faultsOf(form, isoDay(new Date())) : {};
  const save = useMutation({
    mutationFn: () => changeEntry(patientWith(opened, form, (tag) => english.of(tag) ?? tag)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["record", patient.id] });
      toast(t("profile.saved"));
      onDone();
    },
  });
  const keep = () => {
    setTried(true);
    if (Object.keys(faultsOf(form, isoDay(new Date()))).length === 0) save.mutate();
  };
  const field = (name: keyof Draft) => ({
    value: form[name],
    onText: (text: string) => setForm({ ...form, [name]: text }),
    error: faults[name] ? t(`profile.fault.${faults[name]}`) : issueOf(save.error, `Patient.${name}`),
  });
  const stale = save.error instanceof Problem && (save.error.status === 412 || save.error.status === 409);
  const languages = LANGUAGES.map((tag) => ({ value: tag, label: names.of(tag) ?? tag }));
  const known = form.language === "" || LANGUAGES.includes(form.language);
  return (
    <Form onSubmit={keep}>
      <div className="two">
        <TextField label={t("register.given")} autoComplete="given-name" maxLength={100} {...field("given")} />
        <TextField label={t("register.family")} autoComplete="family-name" maxLength={100} {...field("family")} />
        <TextField label={t("register.birthDate")} type="date" autoComplete="bday" {...field("birthDate")} />
        <SelectField
          label={t("register.gender")}
          value={form.gender}
          options={GENDERS.map((gender) => ({ value: gender, label: t(`gender.${gender}`) }))}
          onPick={(gender) => setForm({ ...form, gender })}
        />
        <TextField label={t("profile.phone")} type="tel" autoComplete="tel" maxLength={40} {...field("phone")} />
        <TextField label={t("profile.email")} type="email" autoComplete="email" maxLength={254} {...field("email")} />
        <TextField label={t("profile.street")} autoComplete="street-address" maxLength={200} {...field("street")} />
        <TextField label={t("profile.postalCode")} autoComplete="postal-code" maxLength={20} {...field("postalCode")} />
        <TextField label={t("profile.city")} autoComplete="address-level2" maxLength={100} {...field("city")} />
        <TextField label={t("profile.country")} autoComplete="country-name" maxLength={60} {...field("country")} />
        <SelectField
          label={t("profile.language")}
          value={form.language}
          options={[
            { value: "", label: t("profile.notSaid") },
            ...(known ? [] : [{ value: form.language, label: names.of(form.language) ?? form.language }]),
            ...languages,
          ]}
          onPick={(language) => setForm({ ...form, language })}
        />
      </div>
      {stale && <Banner kind="warn">{t("profile.stale")}</Banner>}
      {save.error && !stale && <ErrorNote error={save.error} />}
      <DialogActions>
        <Button onClick={onDone}>{t("common.cancel")}</Button>
        <Button kind="main" type="submit" busy={save.isPending}>
          {t("common.save")}
        </Button>
      </DialogActions>
    </Form>
  );
}
