import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account, ErasureReceipt } from "@/api/types";
import { Card, Fact, Facts } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { EraseRecord, TakeRecord } from "./TakeAndErase";

interface YourDataProps {
  account: Account;
  onErased: (receipt: ErasureReceipt) => void;
}

/** What is kept of whoever this is, where to see each of it, and how to take it along or have it erased. */
export function YourData({ account, onErased }: YourDataProps) {
  const { t } = useTranslation();
  const { role, patient } = account;
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
        {role === "patient" && patient ? <TakeRecord patient={patient} /> : <p>{t("yourData.takeStaffText")}</p>}
        <h3>{t("yourData.erase")}</h3>
        {role === "patient" && patient ? (
          <EraseRecord patient={patient} onErased={onErased} />
        ) : (
          <p>{t("yourData.eraseStaffText")}</p>
        )}
      </Card>
    </Section>
  );
}

function Said({ text, children }: { text: string; children: ReactNode }) {
  return (
    <>
      {text} {children}
    </>
  );
}
