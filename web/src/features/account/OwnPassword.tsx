import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { PasswordField } from "@/ui/Field";

export const SHORTEST_PASSWORD = 8;

interface OwnPasswordProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  /** What the server answered when it was sent. */
  error: unknown;
  required?: boolean;
}

/** A new password of one's own. What is said against it stands beside it, and what else went wrong below. */
export function OwnPassword({ label, value, onText, error, required }: OwnPasswordProps) {
  const { t } = useTranslation();
  const issue = error instanceof Problem ? error.issue("password") : undefined;
  return (
    <>
      <PasswordField
        label={label}
        hint={t("register.passwordHint")}
        autoComplete="new-password"
        value={value}
        onText={onText}
        error={issue}
        required={required}
      />
      {error != null && !issue && <ErrorNote error={error} />}
    </>
  );
}
