import "@/lib/laterWords";
import { useTranslation } from "react-i18next";
import { Confirm } from "@/ui/Dialog";

export default function DiscardQuestion({ onDiscard, onClose }: { onDiscard: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Confirm
      over
      open
      danger
      title={t("profile.discardTitle")}
      confirm={t("profile.discard")}
      onConfirm={onDiscard}
      onClose={onClose}
    >
      <p>{t("profile.discardText")}</p>
    </Confirm>
  );
}
