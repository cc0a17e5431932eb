import { useTranslation } from "react-i18next";
import { Card, Fact, Facts } from "@/ui/Card";
import { RadioList } from "@/ui/Field";
import { LENGTHS, type Length } from "./terms";

/** What the patient is about to give, in words, and for how long. */
export function GivesChoice({ length, onPick }: { length: Length; onPick: (length: Length) => void }) {
  const { t } = useTranslation();
  return (
    <Card>
      <div className="stack">
        <Facts>
          <Fact label={t("sharing.what")}>{t("sharing.everything")}</Fact>
          <Fact label={t("sharing.sensitive")}>{t("sharing.noSensitive")}</Fact>
        </Facts>
        <RadioList
          label={t("desk.howLong")}
          value={length}
          options={LENGTHS.map((value) => ({ value, label: t(`desk.length.${value}`) }))}
          onPick={onPick}
        />
      </div>
    </Card>
  );
}
