import "@/lib/appsWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { faceSwitch, switchFace } from "@/api/face";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";

/** Lets administrators switch the face check off and on, for everybody. */
export function FaceSwitch() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const state = useQuery(faceSwitch);
  const turn = useMutation({
    mutationFn: switchFace,
    onSuccess: () => client.invalidateQueries({ queryKey: ["face"] }),
  });
  const on = state.data?.available === true;
  return (
    <Section title={t("face.title")}>
      <Card>
        <p role="status">{t(state.data?.models === false ? "face.noModels" : on ? "face.isOn" : "face.isOff")}</p>
        {(state.error ?? turn.error) && <ErrorNote error={state.error ?? turn.error} />}
        {state.data?.models && (
          <div>
            <Button kind={on ? "danger" : "plain"} busy={turn.isPending} onClick={() => turn.mutate(!on)}>
              {t(on ? "face.switchOff" : "face.switchOn")}
            </Button>
          </div>
        )}
      </Card>
    </Section>
  );
}
