import "@/lib/laterWords";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useHeld } from "@/api/family";
import type { Account, ErasureReceipt } from "@/api/types";
import { openProfile } from "@/lib/profile";
import { Card, Fact, Facts } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { EraseRecord, TakeRecord } from "./TakeAndErase";

interface YourDataProps {
  account: Account;
  onErased: (receipt: ErasureReceipt) => void;
}

/** What is kept of whoever this is, where to see each of it, and how to take it along or have it erased. */
export default function YourData({ account, onErased }: YourDataProps) {
  const { t } = useTranslation();
  const { role, patient } = account;
  const profile = openProfile();
  return (
    <Section title={t("yourData.title")}>
      <Card>
        <p className="muted">{t("yourData.text")}</p>
        <Facts>
          <Fact label={t("yourData.account")}>{t("yourData.accountText")}</Fact>
          <Fact label={t("yourData.ways")}>{t("yourData.waysText")}</Fact>
          {role === "patient" && patient && (
            <>
              <Fact label={t("yourData.record")}>
                <Said text={t("yourData.recordText")}>
                  <Link to="/record/$patient" params={{ patient }}>
                    {t("yourData.openRecord")}
                  </Link>
                </Said>
              </Fact>
              <Fact label={t("yourData.consents")}>
                <Said text={t("yourData.consentsText")}>
                  <Link to="/sharing">{t("yourData.openConsents")}</Link>
                </Said>
              </Fact>
              <Fact label={t("yourData.log")}>
                <Said text={t("yourData.logText")}>
                  <Link to="/ledger">{t("yourData.openLog")}</Link>
                </Said>
              </Fact>
            </>
          )}
          {role === "practitioner" && (
            <Fact label={t("yourData.verification")}>
              <Said text={t("yourData.verificationText")}>
                <Link to="/verification">{t("yourData.openVerification")}</Link>
              </Said>
            </Fact>
          )}
          {role !== "patient" && <Fact label={t("yourData.acts")}>{t("yourData.actsText")}</Fact>}
          <Fact label={t("yourData.notices")}>
            <Said text={t("yourData.noticesText")}>
              <Link to="/inbox">{t("yourData.openNotices")}</Link>{" "}
              <Link to="/account/notifications">{t("yourData.chooseNotices")}</Link>
            </Said>
          </Fact>
        </Facts>
        <h3>{t("yourData.take")}</h3>
        {role !== "patient" && <p>{t("yourData.takeStaffText")}</p>}
        {role === "patient" &&
          patient &&
          (profile ? <TakeOther patient={patient} /> : <TakeRecord patient={patient} />)}
        <h3>{t("yourData.erase")}</h3>
        {role !== "patient" && <p>{t("yourData.eraseStaffText")}</p>}
        {role === "patient" &&
          patient &&
          (profile ? <p>{t("yourData.eraseOther")}</p> : <EraseRecord patient={patient} onErased={onErased} />)}
      </Card>
    </Section>
  );
}

/** In a child's record the guardian takes the child's along; an adult's record stays with the adult. */
function TakeOther({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const held = useHeld();
  if (!held) return null;
  return held.kind === "guardianship" ? <TakeRecord patient={patient} /> : <p>{t("yourData.takeOther")}</p>;
}

function Said({ text, children }: { text: string; children: ReactNode }) {
  return (
    <>
      {text} {children}
    </>
  );
}
