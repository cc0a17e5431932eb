import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { eraseRecord, exportRecord } from "@/api/rights";
import type { ErasureReceipt } from "@/api/types";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { TextField } from "@/ui/Field";
import { save } from "@/ui/save";
import { toast } from "@/ui/Toast";

export function TakeRecord({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: () => exportRecord(patient),
    onSuccess: (file) => {
      save(`health-record-${new Date().toISOString().slice(0, 10)}.json`, file, "application/fhir+json");
      toast(t("yourData.taken"));
    },
  });
  return (
    <>
      <p>{t("yourData.takeText")}</p>
      <div className="row">
        <Button icon={<IconDownload aria-hidden />} busy={take.isPending} onClick={() => take.mutate()}>
          {t("yourData.takeDo")}
        </Button>
      </div>
      {take.error && <ErrorNote error={take.error} />}
    </>
  );
}

interface EraseProps {
  patient: string;
  onErased: (receipt: ErasureReceipt) => void;
}

/** It cannot be undone: hence a word to type, and a proof of who it is. */
export function EraseRecord({ patient, onErased }: EraseProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [word, setWord] = useState("");
  const erase = useMutation({ mutationFn: () => eraseRecord(patient), onSuccess: onErased });
  const close = () => {
    setAsking(false);
    setWord("");
  };
  const wanted = t("yourData.eraseWord");
  return (
    <>
      <p>{t("yourData.eraseText")}</p>
      <div className="row">
        <Button kind="danger" icon={<IconTrash aria-hidden />} onClick={() => setAsking(true)}>
          {t("yourData.eraseDo")}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t("yourData.eraseTitle")}
        confirm={t("yourData.eraseForGood")}
        danger
        disabled={word.trim().toLowerCase() !== wanted}
        busy={erase.isPending}
        onConfirm={() => erase.mutate()}
        onClose={close}
      >
        <div className="stack">
          <p>{t("yourData.eraseAsk")}</p>
          <TextField
            label={t("yourData.eraseType", { word: wanted })}
            value={word}
            onText={setWord}
            autoComplete="off"
          />
          {erase.error && <ErrorNote error={erase.error} />}
        </div>
      </Confirm>
    </>
  );
}
