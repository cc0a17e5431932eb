import { IconBraces, IconDownload, IconFileText, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { eraseRecord, exportFile, exportRecord } from "@/api/rights";
import type { ErasureReceipt } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { TextField } from "@/ui/Field";
import { save } from "@/ui/save";
import { toast } from "@/ui/Toast";

type Part = "archive" | "pdf" | "fhir";

const FILES = {
  archive: { ending: "zip", type: "application/zip", icon: IconDownload, label: "yourData.takeDo" },
  pdf: { ending: "pdf", type: "application/pdf", icon: IconFileText, label: "yourData.takePdf" },
  fhir: { ending: "json", type: "application/fhir+json", icon: IconBraces, label: "yourData.takeFhir" },
} as const;

export function TakeRecord({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: async (part: Part) => ({
      part,
      file: part === "fhir" ? await exportRecord(patient) : await exportFile(patient, part),
    }),
    onSuccess: ({ part, file }) => {
      const { ending, type } = FILES[part];
      save(`health-record-${isoDay(new Date())}.${ending}`, file, type);
      toast(t("yourData.taken"));
    },
  });
  return (
    <>
      <p>{t("yourData.takeText")}</p>
      <div className="row">
        {(Object.keys(FILES) as Part[]).map((part) => {
          const { icon: Icon, label } = FILES[part];
          return (
            <Button
              key={part}
              icon={<Icon aria-hidden />}
              busy={take.isPending && take.variables === part}
              onClick={() => take.mutate(part)}
            >
              {t(label)}
            </Button>
          );
        })}
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
