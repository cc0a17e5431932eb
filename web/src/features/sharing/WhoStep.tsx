import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { directory } from "@/api/consent";
import { ErrorNote } from "@/ui/ErrorNote";
import { RadioList, SearchField } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import type { Choice } from "./choice";

const PAUSE = 250;

/** Finds a practitioner or a clinic in the directory. */
export function WhoStep({ who, onPick }: { who: Choice["who"]; onPick: (who: Choice["who"]) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [query, setQuery] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery(directory(query));
  const items = found.data ?? [];
  // The one who was chosen stays in sight while one looks for somebody else.
  const shown =
    who && !items.some((item) => item.type === who.type && item.id === who.id)
      ? [{ ...who, reachable: true }, ...items]
      : items;
  return (
    <>
      <SearchField label={t("wizard.search")} value={text} onText={setText} />
      {found.isFetching && <Skeleton rows={3} height={64} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {shown.length > 0 && !found.isFetching && (
        <RadioList
          label={t("wizard.found")}
          hideLabel
          value={who ? `${who.type}/${who.id}` : null}
          onPick={(key) => onPick(shown.find((item) => `${item.type}/${item.id}` === key) ?? null)}
          options={shown.map((item) => ({
            value: `${item.type}/${item.id}`,
            label: item.name,
            hint: [t(`grantee.${item.type}`), item.detail, item.reachable ? null : t("wizard.notReachable")]
              .filter(Boolean)
              .join(" \u00b7 "),
            disabled: !item.reachable,
          }))}
        />
      )}
      <p className="muted" role="status">
        {found.data && items.length === 0
          ? t("wizard.nobody", { query })
          : shown.length === 0
            ? t("wizard.searchHint")
            : ""}
      </p>
    </>
  );
}
