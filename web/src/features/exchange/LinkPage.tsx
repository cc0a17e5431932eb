import { IconPrinter } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isDocument, SummaryDocument } from "@/fhir/SummaryDocument";
import { LinkTrouble, needsPasscode, openLink, PasscodeNeeded, type Payload, readLink } from "@/lib/shlink";
import { SkipLink } from "@/ui/AppShell";
import { Banner } from "@/ui/Banner";
import { Brand } from "@/ui/Brand";
import { Button } from "@/ui/Button";
import { Form, TextField } from "@/ui/Field";
import { useTitle } from "@/ui/Page";
import css from "./LinkPage.module.css";

/** Opens a health link for somebody who has no account: the key in the address never leaves this browser. */
export function LinkPage({ text }: { text: string }) {
  const { t } = useTranslation();
  const read = useMemo(() => {
    try {
      return { payload: readLink(text) };
    } catch {
      return { payload: null };
    }
  }, [text]);
  useTitle(t("link.tab"));
  return (
    <div className={css.page}>
      <SkipLink />
      <header className={css.top}>
        <Link to="/">
          <Brand />
        </Link>
      </header>
      <main id="main" tabIndex={-1} className={css.main}>
        {read.payload ? <Opening payload={read.payload} /> : <Unreadable />}
      </main>
    </div>
  );
}

function Unreadable() {
  const { t } = useTranslation();
  return (
    <div className={css.door}>
      <h1>{t("link.unreadable")}</h1>
      <p>{t("link.unreadableText")}</p>
    </div>
  );
}

function Opening({ payload }: { payload: Payload }) {
  const { t } = useTranslation();
  const [recipient, setRecipient] = useState("");
  const [passcode, setPasscode] = useState("");
  const locked = needsPasscode(payload);
  const open = useMutation({
    mutationFn: () => openLink(payload, recipient.trim(), locked ? passcode.trim() : undefined),
  });
  if (open.data !== undefined) return <Opened content={open.data} />;
  const wrong = open.error instanceof PasscodeNeeded ? open.error : null;
  const trouble = open.error instanceof LinkTrouble ? open.error.trouble : null;
  return (
    <div className={css.door}>
      <h1>{payload.label || t("link.title")}</h1>
      <p>{t("link.lead")}</p>
      <Form onSubmit={() => open.mutate()}>
        <TextField
          label={t("link.who")}
          hint={t("link.whoHint")}
          value={recipient}
          onText={setRecipient}
          maxLength={120}
          autoComplete="name"
          required
        />
        {locked && (
          <TextField
            label={t("link.passcode")}
            hint={t("link.passcodeHint")}
            value={passcode}
            onText={setPasscode}
            autoComplete="off"
            error={wrong ? t("link.wrong", { count: wrong.left }) : undefined}
            required
          />
        )}
        {trouble && (
          <Banner kind="error" title={t(`link.trouble.${trouble}`)}>
            {trouble === "elsewhere" ? new URL(payload.url).host : t(`link.trouble.${trouble}Text`)}
          </Banner>
        )}
        <Button
          kind="main"
          type="submit"
          wide
          busy={open.isPending}
          disabled={recipient.trim() === "" || (locked && passcode.trim() === "")}
        >
          {t("link.open")}
        </Button>
      </Form>
    </div>
  );
}

function Opened({ content }: { content: unknown }) {
  const { t } = useTranslation();
  if (!isDocument(content)) {
    return (
      <div className={css.door}>
        <h1>{t("link.trouble.broken")}</h1>
        <p>{t("link.trouble.brokenText")}</p>
      </div>
    );
  }
  return (
    <div className={css.opened}>
      <div className={css.actions}>
        <Button icon={<IconPrinter aria-hidden />} onClick={() => window.print()}>
          {t("document.print")}
        </Button>
      </div>
      <SummaryDocument bundle={content} />
    </div>
  );
}
