import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { provenances, type Resource } from "@/api/record";
import type { Reference } from "@/fhir/types";
import { When } from "@/ui/When";

interface Signature {
  when?: string;
  who?: Reference;
}

interface Signed {
  id: string;
  author: string;
  reason: string;
  when: string;
}

/** What of a Provenance is a signed change: who made it, when and why. */
function signed(item: Resource): Signed[] {
  const [signature] = (item.signature as Signature[] | undefined) ?? [];
  if (!signature) return [];
  const agents = (item.agent as { type?: { coding?: { code?: string }[] }; who?: Reference }[] | undefined) ?? [];
  const author = agents.find((agent) => agent.type?.coding?.some(({ code }) => code === "author"))?.who;
  const [reason] = (item.reason as { text?: string }[] | undefined) ?? [];
  const when = signature.when ?? (item.recorded as string | undefined) ?? "";
  return [{ id: item.id ?? "", author: author?.display ?? "", reason: reason?.text ?? "", when }];
}

/** Which changes of this entry were signed, and whose they were. */
export function SignedBy({ patient, type, id }: { patient: string; type: string; id: string }) {
  const { t } = useTranslation();
  const found = useQuery(provenances(patient, type, id));
  const all = (found.data ?? []).flatMap(signed);
  if (all.length === 0) return null;
  return (
    <ul aria-label={t("entry.signatures")}>
      {all.map(({ id: key, author, reason, when }) => (
        <li key={key} className="row">
          <IconRosetteDiscountCheck size={20} aria-hidden />
          <span>
            {t("entry.signedBy", { name: author })} <When value={when} timed />
            {reason && (
              <span className="muted">
                {" "}
                {"\u00b7"} {reason}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
