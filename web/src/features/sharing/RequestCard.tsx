import { IconMailQuestion } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { declineRequest } from "@/api/consent";
import { useSay } from "@/api/family";
import type { AccessRequest } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Sharing.module.css";
import { whatText } from "./scope";

/** Someone asks to read the record; the answer is the patient's. */
export function RequestCard({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const decline = useMutation({
    mutationFn: () => declineRequest(request.id),
    onMutate: () => {
      const before = client.getQueryData<AccessRequest[]>(["requests"]);
      client.setQueryData<AccessRequest[]>(["requests"], (all) =>
        all?.map((each) => (each.id === request.id ? { ...each, state: "declined" } : each)),
      );
      return before;
    },
    onError: (_error, _input, before) => client.setQueryData(["requests"], before),
    onSuccess: () => toast(t("requests.declined", { name: request.from.name })),
    onSettled: () => client.invalidateQueries({ queryKey: ["requests"] }),
  });
  return (
    <Card kind="soft" as="article" label={t("requests.of", { name: request.from.name })}>
      <div className={css.head}>
        <span className={css.icon} aria-hidden>
          <IconMailQuestion />
        </span>
        <div className={css.words}>
          <h3>{t("requests.asks", { name: request.from.name })}</h3>
          <p className="muted small">
            {request.from.detail && `${request.from.detail} \u00b7 `}
            <When value={request.created} relative />
          </p>
        </div>
      </div>
      <p className={css.quote}>{request.reason}</p>
      <p className="small">
        {whatText(t, request)}
        {request.days !== null && ` \u00b7 ${t("requests.days", { count: request.days })}`}
      </p>
      {decline.error && <ErrorNote error={decline.error} />}
      {say !== "none" && (
        <div className="row">
          <ButtonLink kind="main" to="/sharing/new" search={{ request: String(request.id) }}>
            {t("requests.review")}
          </ButtonLink>
          <Button busy={decline.isPending} onClick={() => decline.mutate()}>
            {t("requests.decline")}
          </Button>
        </div>
      )}
    </Card>
  );
}
