import "@/lib/laterWords";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { checkpoint } from "@/api/ledger";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import css from "./Ledger.module.css";
import { fingerprint, nameIn, standing, trustedKeys, trustKeys } from "./trusted";

const TONES = { same: "ok", changed: "high", missing: "warn" } as const;

/** The keys by which this browser checks what witnesses signed: those that it was told to trust, and those the server names. */
export function Witnesses({ onChange }: { onChange: () => void }) {
  const { t } = useTranslation();
  const [trusted, setTrusted] = useState(trustedKeys);
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const said = useQuery({
    queryKey: ["ledger", "witnesses"],
    staleTime: 0,
    queryFn: async () => (await checkpoint()).witnesses.map((each) => each.key),
  });
  const change = (keys: string[]) => {
    trustKeys(keys);
    setTrusted(trustedKeys());
    onChange();
  };
  const add = async () => {
    const key = typed.trim();
    const good = (await fingerprint(key)) !== null;
    setWrong(!good);
    if (!good) return;
    // A witness has one key: the new one takes the place of the one before.
    change([...trusted.filter((each) => nameIn(each) !== nameIn(key)), key]);
    setTyped("");
  };
  const named = (said.data ?? []).filter((key) => !trusted.includes(key));
  return (
    <div className="stack">
      <p className="muted small">{t("trusted.lead")}</p>
      {said.error && <ErrorNote error={said.error} />}
      {trusted.length + named.length > 0 && (
        <List label={t("trusted.title")}>
          {trusted.map((key) => (
            <WitnessRow key={key} witness={key}>
              {said.data && (
                <Tag tone={TONES[standing(key, said.data)]}>{t(`trusted.${standing(key, said.data)}`)}</Tag>
              )}
              <Button size="small" kind="quiet" onClick={() => change(trusted.filter((each) => each !== key))}>
                {t("trusted.forget")}
                <span className="visually-hidden"> {nameIn(key)}</span>
              </Button>
            </WitnessRow>
          ))}
          {named.map((key) => (
            <WitnessRow key={key} witness={key}>
              <Tag tone="neutral">{t("trusted.named")}</Tag>
              {!trusted.some((each) => nameIn(each) === nameIn(key)) && (
                <Button size="small" onClick={() => change([...trusted, key])}>
                  {t("trusted.trust")}
                  <span className="visually-hidden"> {nameIn(key)}</span>
                </Button>
              )}
            </WitnessRow>
          ))}
        </List>
      )}
      <Form onSubmit={add}>
        <TextField
          label={t("trusted.key")}
          hint={t("trusted.keyHint")}
          value={typed}
          onText={setTyped}
          error={wrong ? t("trusted.wrong") : undefined}
          autoComplete="off"
          maxLength={400}
        />
        <div>
          <Button type="submit" disabled={typed.trim() === ""}>
            {t("trusted.add")}
          </Button>
        </div>
      </Form>
    </div>
  );
}

function WitnessRow({ witness, children }: { witness: string; children: React.ReactNode }) {
  const print = useQuery({ queryKey: ["witness print", witness], queryFn: () => fingerprint(witness) });
  return (
    <li className={css.witness}>
      <div>
        <p className="strong">{nameIn(witness)}</p>
        <p className="mono small">{print.data}</p>
      </div>
      <div className="row">{children}</div>
    </li>
  );
}
