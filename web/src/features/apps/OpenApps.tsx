import "@/lib/appsWords";
import { IconApps } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { launchApp, launchableApps } from "@/api/apps";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import css from "./Apps.module.css";

/** The apps a doctor can open from a record. Where there are none there is nothing to see. */
export function OpenApps({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const list = useQuery(launchableApps);
  const open = useMutation({
    mutationFn: (clientId: string) => launchApp(clientId, patient),
    onSuccess: ({ redirect }) => window.location.assign(redirect),
  });
  if (!list.data || list.data.length === 0) return null;
  return (
    <Section title={t("apps.open")}>
      <p className="muted">{t("apps.openHint")}</p>
      <div className={css.open}>
        {list.data.map((app) => (
          <Button
            key={app.clientId}
            icon={<IconApps aria-hidden />}
            busy={open.isPending && open.variables === app.clientId}
            onClick={() => open.mutate(app.clientId)}
          >
            {app.name}
          </Button>
        ))}
      </div>
      {open.error && <ErrorNote error={open.error} />}
    </Section>
  );
}
