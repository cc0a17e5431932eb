import { IconPhone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { emergencyCard } from "@/api/exchange";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Profile.module.css";

/** Whom to call. They are kept where the emergency card keeps them, and changed there. */
export function Contacts({ acts }: { acts: boolean }) {
  const { t } = useTranslation();
  const card = useQuery(emergencyCard);
  const contacts = card.data?.contacts ?? [];
  return (
    <Section
      title={t("profile.contacts.title")}
      action={
        acts && (
          <ButtonLink size="small" to="/emergency-card" search={{ edit: true }}>
            {t("profile.contacts.change")}
          </ButtonLink>
        )
      }
    >
      {card.isPending && <Skeleton rows={1} height={64} />}
      {card.error && <ErrorNote error={card.error} onRetry={() => card.refetch()} />}
      {card.data && contacts.length === 0 && <p className={css.empty}>{t("profile.contacts.empty")}</p>}
      {contacts.length > 0 && (
        <List label={t("profile.contacts.title")}>
          {contacts.map((contact) => (
            <li key={`${contact.name} ${contact.phone}`} className={css.row}>
              <span className={css.words}>
                <span>{contact.name}</span>
                {contact.relationship && <span className="muted small">{contact.relationship}</span>}
              </span>
              <span className={css.acts}>
                {contact.own && <Tag tone="accent">{t("timeline.byYou")}</Tag>}
                <a className={css.call} href={`tel:${contact.phone.replace(/[^\d+]/g, "")}`}>
                  <IconPhone size={18} aria-hidden />
                  {contact.phone}
                </a>
              </span>
            </li>
          ))}
        </List>
      )}
    </Section>
  );
}
