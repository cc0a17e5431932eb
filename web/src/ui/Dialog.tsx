import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import css from "./Dialog.module.css";

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  /** A question about what another dialog does: it lies over that one, wherever in the page it stands. */
  over?: boolean;
  children: ReactNode;
}

/** Above every other dialog, which lie at the library's own 200. */
const OVER = 250;

/** Focus stays inside and returns to where it was; Escape closes. The page behind is held still in base.css. */
export function Dialog({ open, title, onClose, over = false, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root
      opened={open}
      onClose={onClose}
      centered
      lockScroll={false}
      {...(over && { zIndex: OVER })}
      size="30rem"
      transitionProps={{ duration: 120 }}
      classNames={{ content: css.content, title: css.title, body: css.body, close: css.close }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={css.header}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("common.close")} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface ConfirmProps extends DialogProps {
  confirm: string;
  danger?: boolean;
  disabled?: boolean;
  busy?: boolean;
  onConfirm: () => void;
}

export function Confirm({ confirm, danger, disabled, busy, onConfirm, children, ...dialog }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog {...dialog}>
      <div className="stack">
        <div>{children}</div>
        <DialogActions>
          <Button onClick={dialog.onClose}>{t("common.cancel")}</Button>
          <Button kind={danger ? "danger" : "main"} busy={busy} disabled={disabled} onClick={onConfirm}>
            {confirm}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}
