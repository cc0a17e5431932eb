import "@/lib/appsWords";
import { IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Page } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import css from "./Developers.module.css";
import { EXAMPLES, type Example } from "./examples";

/** The plain API for whoever writes a script: each address with a command to copy. */
export function DevelopersPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("developers.title")} lead={t("developers.lead")}>
      <Card kind="soft">
        <div className="stack">
          <p>{t("developers.begin")}</p>
          <Command label={t("developers.address")} text={`URL=${window.location.origin}`} />
          <p>
            {t("developers.more")} <a href="/openapi.json">{t("developers.openapi")}</a>
          </p>
        </div>
      </Card>
      {EXAMPLES.map((example) => (
        <Address key={example.key} example={example} />
      ))}
    </Page>
  );
}

function Address({ example }: { example: Example }) {
  const { t } = useTranslation();
  return (
    <Card as="article" label={t(`developers.does.${example.key}`)}>
      <div className="stack">
        <div>
          <h2 className={css.does}>{t(`developers.does.${example.key}`)}</h2>
          <p className={css.path}>
            <strong>{example.method}</strong> {example.path}
          </p>
        </div>
        <Command label={t(`developers.does.${example.key}`)} text={example.curl} />
      </div>
    </Card>
  );
}

function Command({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast(t("developers.copied")),
      () => toast(t("developers.notCopied")),
    );
  return (
    <div className={css.command}>
      <code className={css.code}>{text}</code>
      <Button size="small" icon={<IconCopy aria-hidden />} onClick={copy}>
        {t("developers.copy")}
        <span className="visually-hidden"> {label}</span>
      </Button>
    </div>
  );
}
