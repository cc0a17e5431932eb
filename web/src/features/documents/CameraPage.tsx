import "@/lib/paperWords";
import { IconCamera, IconPhotoPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { documents } from "@/api/documents";
import { formatDate, isoDay } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { Form, TextField } from "@/ui/Field";
import { FileButton } from "@/ui/FileButton";
import { Page } from "@/ui/Page";
import css from "./Camera.module.css";
import { Crop } from "./Crop";
import { Finder } from "./Finder";
import { documentsOf, fromFile, type Photo } from "./photo";
import { Strip } from "./Strip";
import { addFiles } from "./uploads";

/** Where the server has not said yet how large a document may be: less than it takes when nobody changed that. */
const MOST = 10_000_000;

/** Papers become a document: photographed page by page, cut, put in order, and sent as one PDF. */
export function CameraPage({ patient }: { patient: string }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  // The list of documents says how large one may be.
  const list = useInfiniteQuery(documents(patient, {}));
  const most = list.data?.pages[0]?.maxBytes ?? MOST;
  const [photos, setPhotos] = useState<Photo[]>([]);
  const [cropping, setCropping] = useState<number | null>(null);
  const [retaking, setRetaking] = useState<number | null>(null);
  const [name, setName] = useState(() =>
    t("documents.camera.named", { date: formatDate(isoDay(new Date()), i18n.language) }),
  );
  const [making, setMaking] = useState(false);
  const [failed, setFailed] = useState(false);
  /** Names of files that are no picture the browser can open. */
  const [unread, setUnread] = useState<string[]>([]);
  const sent = useRef(false);
  // What was photographed is nowhere else: leaving asks first, as closing the window does.
  const leaving = useBlocker({
    shouldBlockFn: () => !sent.current && photos.length > 0,
    enableBeforeUnload: () => !sent.current && photos.length > 0,
    withResolver: true,
  });
  const place = (fresh: Photo) =>
    setPhotos((all) => {
      const at = all.findIndex((each) => each.id === retaking);
      setRetaking(null);
      return at < 0 ? [...all, fresh] : all.map((each, i) => (i === at ? fresh : each));
    });
  const choose = async (files: File[]) => {
    setUnread([]);
    for (const file of files) {
      try {
        place(await fromFile(file));
      } catch {
        setUnread((names) => [...names, file.name]);
      }
    }
  };
  const finish = async () => {
    setMaking(true);
    setFailed(false);
    try {
      const title = name.trim();
      const made = await documentsOf(photos, most);
      const named = (i: number) =>
        made.length > 1 ? t("documents.camera.part", { title, number: i + 1, count: made.length }) : title;
      addFiles(
        patient,
        made.map((file, i) => ({ name: `${fileName(named(i))}.pdf`, title: named(i), file })),
        most,
      );
      sent.current = true;
      await navigate({ to: "/documents" });
    } catch {
      setFailed(true);
      setMaking(false);
    }
  };
  const open = photos.find((each) => each.id === cropping);
  const numberOf = (id: number | null) => photos.findIndex((each) => each.id === id) + 1;
  return (
    <Page
      title={t("documents.camera.title")}
      lead={t("documents.camera.lead")}
      action={<ButtonLink to="/documents">{t("common.cancel")}</ButtonLink>}
    >
      {open ? (
        <Crop
          key={open.id}
          photo={open}
          number={numberOf(open.id)}
          onCancel={() => setCropping(null)}
          onDone={(done) => {
            setPhotos((all) => all.map((each) => (each.id === done.id ? done : each)));
            setCropping(null);
          }}
        />
      ) : (
        <div className={css.columns}>
          <div className="stack">
            {retaking !== null && <p role="status">{t("documents.camera.retaking", { number: numberOf(retaking) })}</p>}
            <Finder onPhoto={place} />
            <div>
              <FileButton accept="image/*" capture icon={<IconPhotoPlus aria-hidden />} onPickAll={choose}>
                {t("documents.camera.choose")}
              </FileButton>
            </div>
          </div>
          <div className="stack">
            {photos.length === 0 ? (
              <p className={css.none}>
                <IconCamera aria-hidden /> {t("documents.camera.taken", { count: 0 })}
              </p>
            ) : (
              <>
                <Strip photos={photos} onPhotos={setPhotos} onCrop={setCropping} onRetake={setRetaking} />
                <Form onSubmit={finish}>
                  <TextField label={t("documents.camera.name")} value={name} maxLength={200} onText={setName} />
                  <div>
                    <Button type="submit" kind="main" busy={making} disabled={name.trim() === ""}>
                      {t("documents.camera.finish", { count: photos.length })}
                    </Button>
                  </div>
                </Form>
              </>
            )}
            {unread.length > 0 && (
              <Banner kind="error">
                {t("documents.camera.unread", { count: unread.length, names: unread.join(", ") })}
              </Banner>
            )}
            {failed && <Banner kind="error">{t("documents.camera.failed")}</Banner>}
          </div>
        </div>
      )}
      <Confirm
        open={leaving.status === "blocked"}
        title={t("documents.camera.leaveTitle")}
        confirm={t("documents.camera.leave")}
        danger
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        <p>{t("documents.camera.leaveText", { count: photos.length })}</p>
      </Confirm>
    </Page>
  );
}

/** A name that every file system takes. */
const fileName = (title: string): string => title.replace(/[^\p{L}\p{N} ._-]+/gu, " ").trim() || "document";
