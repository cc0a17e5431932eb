import { IconQrcode } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { meetBy, meeting } from "@/api/desk";
import type { Meeting } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Closed, useDesk } from "./Closed";
import { MeetingCard } from "./MeetingCard";
import { Scanner } from "./Scanner";
import { codeIn, type Length } from "./terms";

interface ScanProps {
  side: "patient" | "practitioner";
  /** From the address that a phone's own camera opened. */
  code?: string;
  /** The meeting that a code led to. */
  met?: number;
}

/** Takes the code that the other one shows: by the camera, by its address, or typed. */
export function ScanPage({ side, code, met }: ScanProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [length, setLength] = useState<Length>("4");
  const current = useQuery(meeting(met ?? null));
  const desk = useDesk();
  const meet = useMutation({
    mutationFn: meetBy,
    onSuccess: (found: Meeting) => {
      client.setQueryData(["desk", found.id], found);
      // The code is spent: reloading the page must not use it again.
      return navigate({ to: "/desk/scan", search: { met: found.id }, replace: true });
    },
  });
  const used = useRef<string | null>(null);
  const { mutate } = meet;
  const use = useCallback(
    (text: string) => {
      const found = codeIn(text, window.location.origin);
      if (!found || used.current === found) return;
      used.current = found;
      mutate(found);
    },
    [mutate],
  );
  useEffect(() => {
    if (code && met === undefined && desk === "open") use(code);
  }, [code, met, desk, use]);
  const problem = meet.error instanceof Problem ? meet.error : null;
  if (desk !== "open") {
    return (
      <Page title={t("desk.scanTitle")} lead={t(`desk.scanLead.${side}`)} narrow>
        <Closed why={desk} />
      </Page>
    );
  }
  return (
    <Page
      title={t("desk.scanTitle")}
      lead={t(`desk.scanLead.${side}`)}
      narrow
      action={
        <ButtonLink to="/desk" icon={<IconQrcode aria-hidden />}>
          {t("desk.show")}
        </ButtonLink>
      }
    >
      <div className="stack">
        {met !== undefined && current.isPending && <Skeleton rows={2} />}
        {current.error && <ErrorNote error={current.error} />}
        {current.data && <MeetingCard met={current.data} side={side} length={length} onPick={setLength} />}
        {(met === undefined || current.data?.state === "ended") && (
          <>
            <Scanner onText={use} />
            <Form
              onSubmit={() => {
                // Typing the same digits again is meant.
                used.current = null;
                use(typed);
              }}
            >
              <TextField
                label={t("desk.digits")}
                hint={t("desk.digitsHint")}
                value={typed}
                onText={setTyped}
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={12}
                error={problem?.issue("code")}
              />
              {meet.error && !problem?.issue("code") && <ErrorNote error={meet.error} />}
              <div>
                <Button
                  type="submit"
                  kind="main"
                  busy={meet.isPending}
                  disabled={codeIn(typed, window.location.origin) === null}
                >
                  {t("common.next")}
                </Button>
              </div>
            </Form>
          </>
        )}
      </div>
    </Page>
  );
}
