import "@/lib/laterWords";
import { useTranslation } from "react-i18next";
import { Banner } from "./Banner";

/** What somebody who acts in a part of a record finds on a page that is about all of it. */
export default function PartBanner({ what }: { what: "gives" }) {
  const { t } = useTranslation();
  return <Banner>{t(`part.${what}`)}</Banner>;
}
