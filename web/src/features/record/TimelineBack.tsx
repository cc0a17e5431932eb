import { useRouter, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { BackLink } from "./BackLink";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Whoever opened this from the timeline goes back to where they stood in it. */
    fromTimeline?: boolean;
  }
}

/** Back to the timeline: to the same filters and the same place when one came from there. */
export function TimelineBack({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const router = useRouter();
  const came = useRouterState({ select: (state) => state.location.state.fromTimeline === true });
  return (
    <BackLink
      to="/record/$patient/timeline"
      params={{ patient }}
      onClick={(event) => {
        if (!came || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        router.history.back();
      }}
    >
      {t("entry.back")}
    </BackLink>
  );
}
