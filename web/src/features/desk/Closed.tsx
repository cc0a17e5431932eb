import { IconQrcode } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { usePart, useSay } from "@/api/family";
import { Empty } from "@/ui/Empty";
import { Skeleton } from "@/ui/Skeleton";

const PartNote = lazy(() => import("@/ui/PartNote"));

/** Whether the desk is open to the caller: who is there for a part of a record, or only looks, gives nobody all of it. */
export function useDesk(): "open" | "unknown" | "part" | "looks" {
  const part = usePart();
  const say = useSay();
  if (part === undefined) return "unknown";
  if (part) return "part";
  return say === "all" ? "open" : "looks";
}

/** Said before anybody shows or scans a code that would be refused. */
export function Closed({ why }: { why: "unknown" | "part" | "looks" }) {
  const { t } = useTranslation();
  if (why === "unknown") return <Skeleton rows={1} height={120} />;
  if (why === "looks") return <Empty icon={<IconQrcode />} title={t("family.looksHere")} />;
  return (
    <Suspense fallback={<Skeleton rows={1} height={120} />}>
      <PartNote what="desk" icon={<IconQrcode />} />
    </Suspense>
  );
}
