// Checks what the server says about the ledger with this browser's own arithmetic.
// Nothing is taken on trust but the key seen first: it is remembered, with the last checkpoint, and compared from then on.
import { checkpoint, consistencyProof, inclusionProof } from "@/api/ledger";
import type { CheckpointAnswer, LedgerEntry } from "@/api/types";
import { type Bytes, equal, fromBase64, text, toBase64 } from "@/lib/bytes";
import { climb, extendsTree, leafHash, type Step, sealEntry } from "@/lib/merkle";
import { checkCosignature, checkSignature, parseNote, parseVkey, type SignatureState } from "@/lib/note";
import { recall, remember } from "@/lib/storage";
import { nameIn, type Standing, standing, trustedKeys } from "./trusted";

export interface Seen {
  origin: string;
  size: number;
  root: string;
  publicKey: string;
}

export interface CheckpointResult {
  origin: string;
  size: number;
  root: string;
  text: string;
  publicKey: string;
  /** The note says the same as the answer that carried it. */
  agrees: boolean;
  signature: SignatureState;
  /** The tree continues the last one this browser saw; `first` when it saw none. */
  history: "continues" | "broken" | "first";
  /** The ledger signs with the key it always had. */
  key: "same" | "changed" | "first";
  before: Seen | null;
  witnesses: WitnessResult;
}

/** What the witnesses say, checked here: their signatures, and that this ledger continues what they signed. */
export interface WitnessResult {
  asked: number;
  /** Names of those whose signature is right. */
  signed: string[];
  /** How many entries they signed. */
  size: number;
  /** False when this ledger does not continue what they signed, or one of them says so. */
  sound: boolean;
  /** What became of the keys that this browser trusts: those whose key is another one now, and those nobody names any more. */
  changed: string[];
  missing: string[];
}

export interface EntryResult {
  seq: number;
  /** The sealed bytes give the leaf that was answered. */
  sealed: boolean;
  /** What the page shows is what was sealed, and not something else beside it. */
  honest: boolean;
  /** The leaf is in the tree that the checkpoint signs. `later`: written after that checkpoint. */
  included: boolean | "later";
  leafHash: string;
  proof: string[];
  steps: { side: Step["side"]; hash: string; result: string }[];
}

export type Verdict = "good" | "bad" | "partly";

export interface Result {
  checkpoint: CheckpointResult;
  entries: Map<number, EntryResult>;
  /** The numbers of the patient's own entries follow each other, so none was left out of the list. */
  complete: boolean | null;
  /** Entries further back that were not looked at; null when a filter hides how many there are. */
  rest: number | null;
  verdict: Verdict;
  time: string;
}

const MEMORY = "checkpoint";

export function lastSeen(): Seen | null {
  try {
    return JSON.parse(recall(MEMORY) ?? "null");
  } catch {
    return null;
  }
}

async function checkCheckpoint(before: Seen | null): Promise<CheckpointResult> {
  const answer = await checkpoint();
  const note = parseNote(answer.text);
  const key = fromBase64(answer.publicKey);
  const agrees =
    note !== null &&
    note.checkpoint.size === answer.size &&
    note.checkpoint.origin === answer.origin &&
    equal(note.checkpoint.root, fromBase64(answer.root));
  const signature = note ? await checkSignature(note, answer.origin, key) : "invalid";
  // There is one ledger behind one address. One that calls itself otherwise than before is another one, whatever it says.
  const known = before;
  const renamed = known !== null && known.origin !== answer.origin;
  const goesOn = known !== null && !renamed && (await continues(known, answer.size, fromBase64(answer.root)));
  const history = known === null ? "first" : goesOn ? "continues" : "broken";
  return {
    ...answer,
    agrees,
    signature,
    history,
    key: known ? (known.publicKey === answer.publicKey ? "same" : "changed") : "first",
    before: known,
    witnesses: await checkWitnesses(answer, key),
  };
}

async function checkWitnesses(answer: CheckpointAnswer, key: Bytes): Promise<WitnessResult> {
  const listed = answer.witnesses.map((each) => each.key);
  const trusted = trustedKeys();
  const names = (how: Standing) => trusted.filter((key) => standing(key, listed) === how).map(nameIn);
  const about = { changed: names("changed"), missing: names("missing") };
  // Who trusts keys of their own asks for no others: the server could name any.
  const keys = trusted.length > 0 ? trusted : listed;
  const none = { asked: keys.length, signed: [], size: 0, sound: true, ...about };
  const dissent = answer.witnesses.some((each) => each.state === "dissents");
  if (answer.cosigned === null) return { ...none, sound: !dissent };
  const note = parseNote(answer.cosigned);
  if (!note || (await checkSignature(note, answer.origin, key)) === "invalid") return { ...none, sound: false };
  const signed: string[] = [];
  for (const key of keys) {
    const witness = await parseVkey(key);
    if (witness && (await checkCosignature(note, witness)) === "valid") signed.push(witness.name);
  }
  const { size, root } = note.checkpoint;
  const seen = { origin: answer.origin, size, root: toBase64(root), publicKey: answer.publicKey };
  const grown = await continues(seen, answer.size, fromBase64(answer.root));
  return { ...none, signed, size, sound: grown && !dissent };
}

async function continues(before: Seen, size: number, root: Bytes): Promise<boolean> {
  if (size < before.size) return false;
  // A size of nothing or the same size needs no proof; the comparison itself is enough.
  const hashes = before.size === 0 || before.size === size ? [] : (await consistencyProof(before.size, size)).hashes;
  return extendsTree(before.size, fromBase64(before.root), size, root, hashes.map(fromBase64));
}

export async function checkEntry(entry: LedgerEntry, size: number, root: string): Promise<EntryResult> {
  const hashes = entry.seq < size ? (await inclusionProof(entry.seq, size)).hashes : null;
  const start = performance.now();
  const result = await prove(entry, hashes, size, root);
  // What the arithmetic takes, without the way to the server, can be read in the browser's own tools.
  performance.measure(PROOF, { start });
  return result;
}

const PROOF = "ledger proof";

async function prove(entry: LedgerEntry, hashes: string[] | null, size: number, root: string): Promise<EntryResult> {
  const leaf = fromBase64(entry.leaf);
  const sealed = equal(await sealEntry(fromBase64(entry.r), fromBase64(entry.entry)), leaf);
  const hash = await leafHash(leaf);
  const result = {
    seq: entry.seq,
    sealed,
    honest: tellsTheSame(entry),
    leafHash: toBase64(hash),
    proof: [],
    steps: [],
  };
  if (hashes === null) return { ...result, included: "later" };
  const steps = await climb(hash, entry.seq, size, hashes.map(fromBase64));
  const reached = steps && toBase64(steps.at(-1)?.result ?? hash);
  return {
    ...result,
    included: reached === root,
    proof: hashes,
    steps: (steps ?? []).map((step) => ({ side: step.side, hash: toBase64(step.hash), result: toBase64(step.result) })),
  };
}

/** The list writes "own record" where the log has "own-record". */
const spaced = (code: string | null | undefined) => code?.replaceAll("-", " ");

/** True when the shown fields say what the sealed bytes say. A list could otherwise show one thing and prove another. */
export function tellsTheSame(entry: LedgerEntry): boolean {
  try {
    const sealed = JSON.parse(text(fromBase64(entry.entry)));
    const shown = [
      [entry.seq, sealed.seq],
      [entry.patientSeq, sealed.patientSeq],
      [entry.time, sealed.time],
      [entry.action, sealed.action],
      [entry.actor.name, sealed.who.name],
      [entry.actor.role, sealed.who.role],
      [entry.actor.organization, sealed.who.organization],
      [entry.actor.app, sealed.who.app],
      [entry.what, sealed.what],
      [entry.count, sealed.count],
      [spaced(entry.ground), spaced(sealed.ground)],
      [entry.purpose, sealed.purpose],
      [entry.grant, sealed.grant],
    ];
    return shown.every(([here, there]) => (here ?? null) === (there ?? null));
  } catch {
    return false;
  }
}

/** True when nothing is missing from the newest entry to the oldest one shown. */
export function followEachOther(entries: LedgerEntry[], total: number): boolean {
  return entries.every((entry, i) => entry.patientSeq === total - 1 - i);
}

export function judge(check: CheckpointResult, entries: EntryResult[], complete: boolean | null): Verdict {
  const broken =
    !check.agrees ||
    check.signature === "invalid" ||
    check.history === "broken" ||
    !check.witnesses.sound ||
    check.witnesses.changed.length > 0 ||
    check.key === "changed" ||
    complete === false;
  if (broken || entries.some((entry) => !entry.sealed || !entry.honest || entry.included === false)) return "bad";
  const open = check.signature === "unsupported" || check.witnesses.missing.length > 0;
  return open || entries.some((entry) => entry.included === "later") ? "partly" : "good";
}

const AT_ONCE = 6;

/** `entries` follow each other; `older` are some from further back. `total`: how many the server says there are; null when a
 * filter leaves some out, so that nothing can be said about gaps. */
export async function verify(
  entries: LedgerEntry[],
  older: LedgerEntry[],
  total: number | null,
  onProgress: (done: number) => void,
): Promise<Result> {
  const check = await checkCheckpoint(lastSeen());
  const results = new Map<number, EntryResult>();
  const waiting = [...entries, ...older];
  const work = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      results.set(entry.seq, await checkEntry(entry, check.size, check.root));
      onProgress(results.size);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const complete = total !== null ? followEachOther(entries, total) : null;
  const verdict = judge(check, [...results.values()], complete);
  // Only a checkpoint that held is worth comparing the next one with.
  if (verdict !== "bad") {
    remember(
      MEMORY,
      JSON.stringify({
        origin: check.origin,
        size: check.size,
        root: check.root,
        publicKey: check.publicKey,
      } satisfies Seen),
    );
  }
  const rest = total === null ? null : Math.max(0, total - results.size);
  return { checkpoint: check, entries: results, complete, rest, verdict, time: new Date().toISOString() };
}
