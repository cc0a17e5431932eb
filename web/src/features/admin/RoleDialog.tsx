import "@/lib/laterWords";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeRole } from "@/api/admin";
import type { User } from "@/api/types";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";

/** The role that a member of the staff could have instead. */
export function otherRole(user: User): "administrator" | "practitioner" | null {
  if (user.role === "practitioner") return "administrator";
  return user.role === "administrator" ? "practitioner" : null;
}

interface RoleDialogProps {
  user: User;
  to: "administrator" | "practitioner";
  open: boolean;
  onClose: () => void;
}

/** Says what somebody loses and gains before their role is another. */
export function RoleDialog({ user, to, open, onClose }: RoleDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { name } = user;
  const change = useMutation({
    mutationFn: () => changeRole(user.id, to),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["admin"] });
      onClose();
      toast(t("users.roleChanged", { name, role: t(`role.${to}`) }));
    },
  });
  const losses = t(`users.loses.${to}`, { returnObjects: true }) as string[];
  const gains = t(`users.gains.${to}`, { returnObjects: true }) as string[];
  return (
    <Confirm
      open={open}
      title={t(`users.roleTitle.${to}`, { name })}
      confirm={t("users.roleNow")}
      danger
      busy={change.isPending}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <div className="stack">
        <Lines title={t("users.losesTitle", { name })} lines={losses} />
        <Lines title={t("users.gainsTitle", { name })} lines={gains} />
        {change.error && <ErrorNote error={change.error} />}
      </div>
    </Confirm>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  return (
    <div>
      <p className="strong">{title}</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
