import { createFileRoute, useLocation } from "@tanstack/react-router";
import { LinkPage } from "@/features/exchange/LinkPage";

export const Route = createFileRoute("/link")({ component: Open });

function Open() {
  // What stands behind the # is the key: it is read here and sent nowhere.
  const { hash } = useLocation();
  return <LinkPage key={hash} text={decodeURIComponent(hash)} />;
}
