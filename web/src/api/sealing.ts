// What is done with an open vault: keys of compartments made, opened and handed over; documents sealed and opened. Everything that
// leaves this page is sealed already.
import type { QueryClient } from "@tanstack/react-query";
import { type Bytes, equal, fromBase64, text, toBase64, toHex } from "@/lib/bytes";
import { includes, leafHash, sealEntry } from "@/lib/merkle";
import { checkSignature, parseNote } from "@/lib/note";
import { recall, remember } from "@/lib/storage";
import { random, SealError } from "@/lib/vault/bytes";
import { fingerprint } from "@/lib/vault/codes";
import { compartmentKey, type Place, unwrapKey, wrapKey } from "@/lib/vault/compartments";
import {
  type Description,
  type FilePlace,
  newFileId,
  newFileKey,
  openDescription,
  openFile,
  sealDescription,
  sealFile,
} from "@/lib/vault/files";
import type { OpenVault } from "@/lib/vault/vault";
import { getBlob } from "./client";
import { checkpoint, inclusionProof } from "./ledger";
import { begin, push } from "./tus";
import type { Compartment, PublicKeys, SealedCompartment, SealedItem, SealedRecord, Sealing } from "./types";
import { changeSealed, handOver, publicKeysOf, sealedRecord, sealing, type WrappedFor } from "./vault";

/** Whose vault it is in a record: the patient's own, or that of a practitioner with this id. */
export interface Reader {
  patient: string;
  practitioner: string | null;
}

const placeOf = ({ patient, practitioner }: Reader, vault: OpenVault, compartment: string, epoch: number): Place => ({
  patient,
  compartment,
  epoch,
  reader: practitioner ?? "patient",
  code: vault.code,
});

/** The key of a compartment in an epoch, if the patient signed it. The patient's own page believes no other key than theirs. */
async function rawKey(
  vault: OpenVault,
  reader: Reader,
  record: Keys,
  compartment: string,
  epoch: number,
): Promise<Bytes> {
  const kept = record.keys.find((key) => key.compartment === compartment && key.epoch === epoch);
  if (!kept) throw new SealError("noKey");
  const signKey = reader.practitioner ? fromBase64(record.signKey ?? "") : vault.signKey;
  return unwrapKey(vault, placeOf(reader, vault, compartment, epoch), signKey, kept);
}

type Keys = Pick<SealedRecord, "keys" | "signKey">;

export interface OpenedItem {
  item: SealedItem;
  /** Null when it cannot be opened with the keys that there are. */
  description: Description | null;
}

const filePlace = (
  patient: string,
  { compartment, epoch, id }: Pick<SealedItem, "compartment" | "epoch" | "id">,
): FilePlace => ({
  patient,
  compartment,
  epoch,
  id,
});

async function opened(vault: OpenVault, reader: Reader, record: Keys, item: SealedItem) {
  const raw = await rawKey(vault, reader, record, item.compartment, item.epoch);
  return openDescription(await compartmentKey(raw), filePlace(reader.patient, item), fromBase64(item.detail));
}

/** What the sealed documents of a record are called. */
export function openNames(vault: OpenVault, reader: Reader, record: SealedRecord): Promise<OpenedItem[]> {
  return Promise.all(
    record.documents.map(async (item) => {
      try {
        return { item, description: (await opened(vault, reader, record, item)).description };
      } catch {
        return { item, description: null };
      }
    }),
  );
}

/** Fetches a sealed document and opens it here. */
export async function openContent(
  vault: OpenVault,
  reader: Reader,
  record: SealedRecord,
  item: SealedItem,
): Promise<{ description: Description; content: Bytes }> {
  const { fileKey, description } = await opened(vault, reader, record, item);
  const sealed = new Uint8Array(await (await getBlob(`/api/sealed/${item.id}/content`)).arrayBuffer());
  return { description, content: await openFile(fileKey, filePlace(reader.patient, item), sealed, description.size) };
}

/** Describes a sealed document anew. */
export async function redescribe(
  vault: OpenVault,
  reader: Reader,
  record: SealedRecord,
  item: SealedItem,
  change: Partial<Description>,
): Promise<void> {
  const { fileKey, description } = await opened(vault, reader, record, item);
  const key = await compartmentKey(await rawKey(vault, reader, record, item.compartment, item.epoch));
  const place = filePlace(reader.patient, item);
  const detail = await sealDescription(key, fileKey, place, { ...description, ...change });
  await changeSealed(item.id, toBase64(detail));
}

/** A server that went back to an older key would have what comes next sealed for whoever held it. */
function checkEpoch(patient: string, { compartment, epoch }: SealedCompartment): void {
  const name = `epoch.${patient}.${compartment}`;
  if (Number(recall(name) ?? 0) > epoch) throw new SealError("rollback");
  remember(name, String(epoch));
}

/** Whether a practitioner's keys stand in the ledger as theirs: their entry is what was logged, and part of a signed tree. */
export async function checkLogged(keys: PublicKeys, practitioner: string): Promise<void> {
  const wrong = () => new SealError("notLogged");
  if (!keys.logged) throw wrong();
  const [boxKey, signKey] = [fromBase64(keys.boxKey), fromBase64(keys.signKey)];
  const { seq, entry, r, leaf } = keys.logged;
  const bytes = fromBase64(entry);
  const said = JSON.parse(text(bytes)) as { seq?: unknown; action?: unknown; what?: unknown };
  const what = `VaultKeys/${practitioner}/${toHex(await fingerprint(boxKey, signKey))}`;
  if (said.seq !== seq || said.action !== "keys" || said.what !== what) throw wrong();
  if (!equal(await sealEntry(fromBase64(r), bytes), fromBase64(leaf))) throw wrong();
  const head = await checkpoint();
  const note = parseNote(head.text);
  if (!note || (await checkSignature(note, head.origin, fromBase64(head.publicKey))) === "invalid") throw wrong();
  const { size, root } = note.checkpoint;
  const proof = await inclusionProof(seq, size);
  const path = proof.hashes.map(fromBase64);
  if (!(await includes(await leafHash(fromBase64(leaf)), seq, size, path, root))) throw wrong();
}

async function wrapForReader(
  vault: OpenVault,
  patient: string,
  { compartment, epoch }: { compartment: Compartment; epoch: number },
  practitioner: string,
  key: Bytes,
): Promise<WrappedFor> {
  const keys = await publicKeysOf(practitioner);
  await checkLogged(keys, practitioner);
  const place = { patient, compartment, epoch, reader: practitioner, code: keys.code };
  const wrapped = await wrapKey(vault, place, fromBase64(keys.boxKey), key);
  return { reader: practitioner, code: keys.code, ...wrapped };
}

/** A new key for a compartment, for the patient and whoever may open it now. */
async function nextEpoch(vault: OpenVault, patient: string, state: SealedCompartment): Promise<Sealing> {
  const { compartment, readers } = state;
  const [epoch, key] = [state.epoch + 1, random(32)];
  const place = placeOf({ patient, practitioner: null }, vault, compartment, epoch);
  const own = { reader: null, code: vault.code, ...(await wrapKey(vault, place, vault.boxKey, key)) };
  const others = await Promise.all(
    readers
      .filter((reader) => reader.code !== null)
      .map((reader) => wrapForReader(vault, patient, { compartment, epoch }, reader.practitioner.id, key)),
  );
  return handOver(compartment, epoch, [own, ...others]);
}

/** What the patient's browser still has to do: new keys where somebody lost their access, and keys for new readers. */
export interface Duties {
  due: SealedCompartment[];
  missing: { compartment: SealedCompartment; practitioner: string; epochs: number[] }[];
  /** Readers who have no vault yet, by name. */
  waiting: string[];
}

export function dutiesOf({ compartments }: Sealing): Duties {
  const due = compartments.filter((state) => state.due);
  const missing = compartments.flatMap((state) =>
    state.readers
      .filter((reader) => reader.code !== null)
      .map((reader) => {
        const epochs = state.keys.map((key) => key.epoch).filter((epoch) => !reader.epochs.includes(epoch));
        return { compartment: state, practitioner: reader.practitioner.id, epochs };
      })
      .filter(({ epochs }) => epochs.length > 0),
  );
  const without = compartments.flatMap((state) => state.readers.filter((reader) => reader.code === null));
  return { due, missing, waiting: [...new Set(without.map((reader) => reader.practitioner.name))] };
}

/** Does all of it. */
export async function doDuties(vault: OpenVault, client: QueryClient, patient: string): Promise<void> {
  const state = await client.fetchQuery({ ...sealing, staleTime: 0 });
  const { due, missing } = dutiesOf(state);
  for (const compartment of due) await nextEpoch(vault, patient, compartment);
  for (const { compartment, practitioner, epochs } of missing) {
    for (const epoch of epochs) {
      const record = { keys: compartment.keys, signKey: null };
      const key = await rawKey(vault, { patient, practitioner: null }, record, compartment.compartment, epoch);
      const place = { compartment: compartment.compartment, epoch };
      await handOver(compartment.compartment, epoch, [await wrapForReader(vault, patient, place, practitioner, key)]);
    }
  }
  await client.invalidateQueries({ queryKey: ["grants"] });
}

/** The current key of a compartment; the first is made when there is none. */
async function currentKey(vault: OpenVault, client: QueryClient, patient: string, compartment: Compartment) {
  await doDuties(vault, client, patient);
  const find = (state: Sealing) => state.compartments.find((each) => each.compartment === compartment);
  let state = find(await client.fetchQuery({ ...sealing, staleTime: 0 }));
  if (!state || state.epoch === 0) {
    const empty = { compartment, epoch: 0, due: false, keys: [], readers: state?.readers ?? [] };
    state = find(await nextEpoch(vault, patient, empty));
  }
  if (!state) throw new SealError("noKey");
  checkEpoch(patient, state);
  const record = { keys: state.keys, signKey: null };
  const raw = await rawKey(vault, { patient, practitioner: null }, record, compartment, state.epoch);
  return { epoch: state.epoch, key: await compartmentKey(raw) };
}

export interface ToSeal {
  name: string;
  type: string;
  title: string;
  date?: string;
  tags?: string[];
  content: Bytes;
  compartment: Compartment;
  /** The readable document whose place it takes. */
  replaces?: string;
}

/** Seals a file here and sends it; answers the id of the sealed document. */
export async function sealAndSend(
  vault: OpenVault,
  client: QueryClient,
  patient: string,
  { content, compartment, replaces, ...said }: ToSeal,
  onSent: (part: number) => void,
): Promise<string> {
  const { epoch, key } = await currentKey(vault, client, patient, compartment);
  const [id, fileKey] = [newFileId(), newFileKey()];
  const place = { patient, compartment, epoch, id };
  const detail = await sealDescription(key, fileKey, place, { ...said, size: content.length });
  const file = new Blob([await sealFile(fileKey, place, content)]);
  const wish = JSON.stringify({ id, compartment, epoch, detail: toBase64(detail), ...(replaces ? { replaces } : {}) });
  const url = await begin(file, { patient, sealed: wish });
  await push(url, file, 0, (bytes) => onSent(bytes / file.size));
  await client.invalidateQueries({ queryKey: sealedRecord(patient).queryKey });
  return id;
}
