import { IconPhone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatDate } from "@/lib/dates";
import { QrCode } from "@/ui/QrCode";
import css from "./Card.module.css";
import { ageOn, type ShownCard } from "./kept";

/** The card as a helper reads it: large, black on white, what is dangerous first. On paper either as a page or in the
 * size of a wallet. */
export function CardView({ card, wallet }: { card: ShownCard; wallet?: boolean }) {
  const { t, i18n } = useTranslation();
  const age = ageOn(card.birthDate, new Date());
  return (
    <article className={wallet ? `${css.card} ${css.wallet}` : css.card} aria-label={t("card.of", { name: card.name })}>
      <header className={css.head}>
        <p className={css.mark}>{t("card.title")}</p>
        <h2 className={css.name}>{card.name}</h2>
        <p>
          {card.birthDate && t("document.born", { date: formatDate(card.birthDate, i18n.language) })}
          {age !== null && ` \u00b7 ${t("card.years", { count: age })}`}
        </p>
      </header>
      <dl className={css.facts}>
        {card.bloodGroup && (
          <div>
            <dt>{t("card.bloodGroup")}</dt>
            <dd>{card.bloodGroup}</dd>
          </div>
        )}
        {card.language && (
          <div>
            <dt>{t("card.language")}</dt>
            <dd>{card.language}</dd>
          </div>
        )}
      </dl>
      {card.note && <p className={css.note}>{card.note}</p>}
      <Lines
        title={t("card.allergies")}
        lines={card.allergies}
        none={t("card.noAllergies")}
        warning={card.allergyWarning}
        alert
      />
      <Lines title={t("card.conditions")} lines={card.conditions} />
      <Lines title={t("card.medicines")} lines={card.medicines} />
      <Lines title={t("card.implants")} lines={card.implants} />
      {card.contacts.length > 0 && (
        <section className={css.part}>
          <h3>{t("card.contacts")}</h3>
          <ul className={css.contacts}>
            {card.contacts.map((contact) => (
              <li key={`${contact.name} ${contact.phone}`}>
                <span>
                  <strong>{contact.name}</strong>
                  {contact.relationship && ` (${contact.relationship})`}
                  <span className={css.number}>{contact.phone}</span>
                </span>
                <a className={css.call} href={`tel:${contact.phone.replaceAll(/[^+\d]/g, "")}`}>
                  <IconPhone aria-hidden />
                  {t("card.call", { name: contact.name })}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <footer className={css.foot}>
        {card.address && (
          <div className={css.code}>
            <QrCode text={card.address} label={t("card.qr")} />
          </div>
        )}
        <div className={css.footWords}>
          {card.address && <p>{t("card.scan")}</p>}
          <p>{t("card.updated", { time: formatDate(card.updated, i18n.language) })}</p>
        </div>
      </footer>
    </article>
  );
}

interface LinesProps {
  title: string;
  lines: string[];
  none?: string;
  warning?: string | null;
  alert?: boolean;
}

function Lines({ title, lines, none, warning, alert }: LinesProps) {
  if (lines.length === 0 && !none) return null;
  return (
    <section className={alert ? `${css.part} ${css.alert}` : css.part}>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p>{none}</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {warning && <p>{warning}</p>}
    </section>
  );
}
