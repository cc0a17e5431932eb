import "@/lib/appsWords";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { faceCheck } from "@/api/face";

/** The way from the sign-in page to the camera, where there is one. */
export function FaceLink({ next }: { next?: string }) {
  const { t } = useTranslation();
  const available = useQuery(faceCheck);
  if (!available.data) return null;
  return (
    <Link to="/sign-in/camera" search={{ next }}>
      {t("face.useCamera")}
    </Link>
  );
}
